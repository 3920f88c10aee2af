-- +goose Up
-- The audit chain. Rows are only ever added. No foreign keys: an entry keeps the
-- names as they were, whatever happens to the things they name.
CREATE TABLE audit_entry (
    seq         BIGINT PRIMARY KEY,
    at          BIGINT NOT NULL,
    actor_id    TEXT NOT NULL,
    actor_name  TEXT NOT NULL,
    actor_unit  TEXT NOT NULL,
    via         TEXT NOT NULL,
    action      TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id   TEXT NOT NULL,
    object_name TEXT NOT NULL,
    before_json TEXT NOT NULL,
    after_json  TEXT NOT NULL,
    reason      TEXT NOT NULL,
    prev_hash   TEXT NOT NULL,
    hash        TEXT NOT NULL,
    mac         TEXT NOT NULL
);
CREATE INDEX audit_entry_object ON audit_entry (object_kind, object_id, seq);
CREATE INDEX audit_entry_actor ON audit_entry (actor_id, seq);
CREATE INDEX audit_entry_at ON audit_entry (at, seq);

-- Background work: claimed under a lease, retried with growing pauses.
CREATE TABLE job (
    id           TEXT PRIMARY KEY,
    kind         TEXT NOT NULL,
    payload      TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
    run_at       BIGINT NOT NULL,
    lease_until  BIGINT NOT NULL,
    attempts     BIGINT NOT NULL,
    max_attempts BIGINT NOT NULL,
    unique_key   TEXT NOT NULL,
    last_error   TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    finished_at  BIGINT NOT NULL
);
CREATE INDEX job_due ON job (state, run_at);
CREATE UNIQUE INDEX job_unique ON job (kind, unique_key) WHERE unique_key <> '' AND state IN ('waiting', 'running');

-- Answers kept for repeated requests of the API with the same idempotency key.
CREATE TABLE idempotency (
    token_id   TEXT NOT NULL,
    key        TEXT NOT NULL,
    input_hash TEXT NOT NULL,
    status     BIGINT NOT NULL,
    answer     TEXT NOT NULL,
    at         BIGINT NOT NULL,
    PRIMARY KEY (token_id, key)
);
