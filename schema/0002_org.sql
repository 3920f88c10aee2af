-- +goose Up
-- People with an account. No row is ever deleted: the audit and the business
-- rows refer to people for as long as they are kept. unit_id is an id of the city
-- pack. active_day is the last day on which the account was used; it serves only
-- to lock accounts that nobody needs any more.
CREATE TABLE person (
    id                  TEXT PRIMARY KEY,
    login               TEXT NOT NULL UNIQUE,
    name                TEXT NOT NULL,
    unit_id             TEXT NOT NULL,
    phone_sealed        TEXT NOT NULL,
    phone_index         TEXT NOT NULL,
    state               TEXT NOT NULL CHECK (state IN ('invited', 'active', 'disabled', 'locked')),
    created_at          BIGINT NOT NULL,
    password_hash       TEXT NOT NULL,
    password_changed_at BIGINT NOT NULL,
    must_change         BIGINT NOT NULL CHECK (must_change IN (0, 1)),
    totp_sealed         TEXT NOT NULL,
    totp_step           BIGINT NOT NULL,
    active_day          TEXT NOT NULL
);
CREATE INDEX person_phone ON person (phone_index);
CREATE INDEX person_unit ON person (unit_id, login);

CREATE TABLE person_role (
    person_id  TEXT NOT NULL REFERENCES person (id),
    role       TEXT NOT NULL,
    granted_at BIGINT NOT NULL,
    granted_by TEXT NOT NULL,
    PRIMARY KEY (person_id, role)
);
CREATE INDEX person_role_role ON person_role (role, person_id);

-- Former passwords, as hashes, so that they are not used again.
CREATE TABLE person_password (
    person_id TEXT NOT NULL REFERENCES person (id),
    ended_at  BIGINT NOT NULL,
    hash      TEXT NOT NULL,
    PRIMARY KEY (person_id, ended_at)
);

-- Codes for whoever lost the second factor, as keyed hashes; a used one is deleted.
CREATE TABLE recovery_code (
    person_id TEXT NOT NULL REFERENCES person (id),
    hash      TEXT NOT NULL,
    PRIMARY KEY (person_id, hash)
);

-- Secrets that work once: invitations, log-in links, and the half of a sign-in
-- that waits for the second factor. A used one is deleted.
CREATE TABLE one_time (
    hash       TEXT PRIMARY KEY,
    person_id  TEXT NOT NULL REFERENCES person (id),
    purpose    TEXT NOT NULL CHECK (purpose IN ('invitation', 'login', 'code')),
    expires_at BIGINT NOT NULL
);
CREATE INDEX one_time_person ON one_time (person_id, purpose);

CREATE TABLE session (
    id           TEXT PRIMARY KEY,
    hash         TEXT NOT NULL UNIQUE,
    person_id    TEXT NOT NULL REFERENCES person (id),
    created_at   BIGINT NOT NULL,
    seen_at      BIGINT NOT NULL,
    confirmed_at BIGINT NOT NULL,
    by_link      BIGINT NOT NULL CHECK (by_link IN (0, 1)),
    address      TEXT NOT NULL,
    agent        TEXT NOT NULL
);
CREATE INDEX session_person ON session (person_id, created_at);
CREATE INDEX session_seen ON session (seen_at);

-- Failed sign-ins by the name that was typed (as a keyed hash), whether or not
-- an account has it: the answers must not tell which accounts exist.
CREATE TABLE login_failure (
    login_key    TEXT PRIMARY KEY,
    failures     BIGINT NOT NULL,
    locks        BIGINT NOT NULL,
    locked_until BIGINT NOT NULL,
    last_at      BIGINT NOT NULL
);

CREATE TABLE api_token (
    id            TEXT PRIMARY KEY,
    person_id     TEXT NOT NULL REFERENCES person (id),
    name          TEXT NOT NULL,
    hash          TEXT NOT NULL,
    read_only     BIGINT NOT NULL CHECK (read_only IN (0, 1)),
    created_at    BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL,
    revoked_at    BIGINT NOT NULL,
    last_used_day TEXT NOT NULL
);
CREATE INDEX api_token_person ON api_token (person_id, created_at);

-- The first-run set-up: one row at most.
CREATE TABLE setup (
    id           BIGINT PRIMARY KEY CHECK (id = 1),
    token_hash   TEXT NOT NULL,
    expires_at   BIGINT NOT NULL,
    completed_at BIGINT NOT NULL
);
