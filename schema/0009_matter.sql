-- +goose Up
-- Official documents: drafts until a second person approves them, then numbered, kept as a
-- file under its hash and never changed again. body is the whole document as data.
CREATE TABLE paper (
    id          TEXT PRIMARY KEY,
    kind        TEXT NOT NULL CHECK (kind IN ('bulletin', 'sheet', 'letter', 'rectify', 'minutes', 'review')),
    state       TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'issued', 'discarded')),
    period      TEXT NOT NULL, -- 2026-06, 2026-Q2; empty for documents of a record
    record_id   TEXT NOT NULL, -- the sheet, meeting … that it speaks for; empty for bulletins
    title       TEXT NOT NULL,
    number      TEXT NOT NULL,
    addressee   TEXT NOT NULL, -- kinds of unit that it goes to, for the rules
    body        TEXT NOT NULL,
    hash        TEXT NOT NULL, -- of the issued file
    demo        BIGINT NOT NULL,
    revision    BIGINT NOT NULL,
    drafted_by  TEXT NOT NULL,
    drafter     TEXT NOT NULL,
    drafted_at  BIGINT NOT NULL,
    decided_by  TEXT NOT NULL,
    decider     TEXT NOT NULL,
    decided_at  BIGINT NOT NULL,
    reason      TEXT NOT NULL
);
CREATE INDEX paper_state ON paper (state, drafted_at);
CREATE INDEX paper_record ON paper (record_id);
-- A period has one bulletin that is not given up.
CREATE UNIQUE INDEX paper_period ON paper (kind, period) WHERE period <> '' AND state <> 'discarded';
CREATE UNIQUE INDEX paper_number ON paper (number) WHERE number <> '';
