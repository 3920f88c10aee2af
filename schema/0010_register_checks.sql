-- +goose Up
-- Phone numbers of standing records as keyed hashes, for finding one that many records share.
-- A number is never opened to look for it.
CREATE TABLE record_phone (
    register  TEXT NOT NULL,
    field     TEXT NOT NULL,
    value     TEXT NOT NULL,
    record_id TEXT NOT NULL REFERENCES record (id),
    PRIMARY KEY (register, field, value, record_id)
);
CREATE INDEX record_phone_record ON record_phone (record_id);

-- What was entered in a time, for the checks that look at all of it.
CREATE INDEX record_reported ON record (register, reported_at);

-- What was found false is rare, and asked for by unit when somebody is to be praised.
CREATE INDEX record_false ON record (unit_id) WHERE falsified = 1;
