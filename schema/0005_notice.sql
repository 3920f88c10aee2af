-- +goose Up
-- What the program has to tell somebody: a unit or one person, never both. One matter
-- (key) is told to one recipient once. ids grow without a gap in the order of telling.
-- digest_id is the digest that took the notice along; empty while it waits for one, and
-- for ever when it is for a person.
CREATE TABLE notice (
    id          BIGINT PRIMARY KEY,
    unit_id     TEXT NOT NULL,
    person_id   TEXT NOT NULL,
    key         TEXT NOT NULL,
    kind        TEXT NOT NULL,
    title       TEXT NOT NULL,
    body        TEXT NOT NULL,
    url         TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id   TEXT NOT NULL,
    at          BIGINT NOT NULL,
    digest_id   TEXT NOT NULL
);
CREATE UNIQUE INDEX notice_once ON notice (unit_id, person_id, key);
CREATE INDEX notice_unit ON notice (unit_id, id);
CREATE INDEX notice_person ON notice (person_id, id);
CREATE INDEX notice_digest_id ON notice (digest_id, id);
CREATE INDEX notice_waiting ON notice (unit_id, id) WHERE digest_id = '' AND unit_id <> '';

-- What a person has read: all up to an id, and single ones after it. It only tells the
-- person what is new; nobody else can see it.
CREATE TABLE notice_seen (
    person_id TEXT PRIMARY KEY,
    up_to     BIGINT NOT NULL
);
CREATE TABLE notice_read (
    person_id TEXT NOT NULL,
    notice_id BIGINT NOT NULL REFERENCES notice (id),
    PRIMARY KEY (person_id, notice_id)
);

-- The digests that were made: at most one for a unit and a day.
CREATE TABLE notice_digest (
    id      TEXT PRIMARY KEY,
    unit_id TEXT NOT NULL,
    day     TEXT NOT NULL,
    notices BIGINT NOT NULL,
    at      BIGINT NOT NULL
);
CREATE UNIQUE INDEX notice_digest_day ON notice_digest (unit_id, day);

-- Where a unit's digest is mailed to.
CREATE TABLE notice_address (
    unit_id      TEXT PRIMARY KEY,
    email_sealed TEXT NOT NULL,
    updated_at   BIGINT NOT NULL
);

-- Other systems that are sent the digests, of one unit or (unit_id empty) of all.
CREATE TABLE notice_hook (
    id            TEXT PRIMARY KEY,
    name          TEXT NOT NULL,
    unit_id       TEXT NOT NULL,
    host          TEXT NOT NULL,
    url_sealed    TEXT NOT NULL,
    secret_sealed TEXT NOT NULL,
    created_at    BIGINT NOT NULL,
    creator_name  TEXT NOT NULL,
    disabled_at   BIGINT NOT NULL
);

-- What went out or is to go out: a digest, or (digest_id empty) a trial. A job with the
-- row's id does the sending.
CREATE TABLE notice_delivery (
    id         TEXT PRIMARY KEY,
    channel    TEXT NOT NULL CHECK (channel IN ('mail', 'webhook')),
    digest_id  TEXT NOT NULL,
    unit_id    TEXT NOT NULL,
    hook_id    TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'failed')),
    attempts   BIGINT NOT NULL,
    answer     TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    done_at    BIGINT NOT NULL
);
CREATE INDEX notice_delivery_hook ON notice_delivery (hook_id, id);
