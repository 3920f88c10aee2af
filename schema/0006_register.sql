-- +goose Up
-- Records of all registers. body holds the values by field name as JSON, personal ones
-- sealed. search holds what a text is looked for in, never anything personal.
CREATE TABLE record (
    id           TEXT PRIMARY KEY,
    register     TEXT NOT NULL,
    no           TEXT NOT NULL UNIQUE,
    title        TEXT NOT NULL,
    territory_id TEXT NOT NULL,
    stage        TEXT NOT NULL,
    stage_at     BIGINT NOT NULL,
    body         TEXT NOT NULL,
    unit_id      TEXT NOT NULL,
    assignee     TEXT NOT NULL,
    parent_id    TEXT NOT NULL,
    spans        TEXT NOT NULL, -- "2026-03-01/2029-03-01 2029-05-02/", when it counts; see record_span
    flags        TEXT NOT NULL,
    due_on       TEXT NOT NULL,
    falsified    BIGINT NOT NULL,
    demo         BIGINT NOT NULL,
    revision     BIGINT NOT NULL,
    reported_by  TEXT NOT NULL,
    reporter     TEXT NOT NULL,
    reported_at  BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    search       TEXT NOT NULL,
    place        TEXT NOT NULL  -- its coordinates to about a hundred metres, for finding neighbours; empty without
);
CREATE INDEX record_no ON record (register, no);
CREATE INDEX record_place ON record (register, place) WHERE place <> '';
CREATE INDEX record_list ON record (register, territory_id, stage, no);
CREATE INDEX record_stage ON record (stage, register, due_on);
CREATE INDEX record_assignee ON record (assignee, register) WHERE assignee <> '';
CREATE INDEX record_parent ON record (parent_id) WHERE parent_id <> '';
CREATE INDEX record_due ON record (due_on) WHERE due_on <> '';

-- When a record counts, for finding the records under a number: from_on is the first day, to_on
-- the first day not any more; empty for open. The first span alone makes it new.
CREATE TABLE record_span (
    record_id TEXT NOT NULL REFERENCES record (id),
    seq       BIGINT NOT NULL,
    from_on   TEXT NOT NULL,
    to_on     TEXT NOT NULL,
    PRIMARY KEY (record_id, seq)
);

-- Keys that no two standing records share. A personal value stands as a keyed hash.
CREATE TABLE record_key (
    register  TEXT NOT NULL,
    name      TEXT NOT NULL,
    value     TEXT NOT NULL,
    record_id TEXT NOT NULL REFERENCES record (id),
    PRIMARY KEY (register, name, value)
);
CREATE INDEX record_key_record ON record_key (record_id);

CREATE TABLE record_event (
    record_id TEXT NOT NULL REFERENCES record (id),
    seq       BIGINT NOT NULL,
    at        BIGINT NOT NULL,
    by_id     TEXT NOT NULL,
    by_name   TEXT NOT NULL,
    by_unit   TEXT NOT NULL,
    move      TEXT NOT NULL,
    from_stage TEXT NOT NULL,
    to_stage  TEXT NOT NULL,
    reason    TEXT NOT NULL,
    changes   TEXT NOT NULL,
    PRIMARY KEY (record_id, seq)
);

CREATE TABLE record_proof (
    id        TEXT PRIMARY KEY,
    record_id TEXT NOT NULL REFERENCES record (id),
    kind      TEXT NOT NULL,
    hash      TEXT NOT NULL,
    name      TEXT NOT NULL,
    media     TEXT NOT NULL,
    size      BIGINT NOT NULL,
    falsified BIGINT NOT NULL,
    added_by  TEXT NOT NULL,
    added_at  BIGINT NOT NULL
);
CREATE INDEX record_proof_record ON record_proof (record_id);
CREATE INDEX record_proof_hash ON record_proof (hash);

-- What all records together add to a count on a day: derived in the same transaction as
-- the record, checked by "verify".
CREATE TABLE record_total (
    register     TEXT NOT NULL,
    count_id     TEXT NOT NULL,
    day          TEXT NOT NULL,
    territory_id TEXT NOT NULL,
    value        BIGINT NOT NULL,
    PRIMARY KEY (register, count_id, day, territory_id)
);

-- The last change of each count, so that a light is renewed when its count changed.
CREATE TABLE record_change (
    register TEXT NOT NULL,
    count_id TEXT NOT NULL,
    n        BIGINT NOT NULL,
    PRIMARY KEY (register, count_id)
);
CREATE INDEX record_change_n ON record_change (n);

-- The next number of each register and year.
CREATE TABLE record_number (
    register TEXT NOT NULL,
    year     BIGINT NOT NULL,
    next     BIGINT NOT NULL,
    PRIMARY KEY (register, year)
);

-- Spot checks: the seed is fixed by its hash before the list is closed.
CREATE TABLE draw (
    id           TEXT PRIMARY KEY,
    register     TEXT NOT NULL,
    unit_id      TEXT NOT NULL,
    territory_id TEXT NOT NULL,
    from_on      TEXT NOT NULL,
    to_on        TEXT NOT NULL,
    commitment   TEXT NOT NULL,
    seed_sealed  TEXT NOT NULL, -- empty once the seed is open
    seed         TEXT NOT NULL, -- empty before
    list_hash    TEXT NOT NULL,
    population   BIGINT NOT NULL,
    size         BIGINT NOT NULL,
    size_rule    TEXT NOT NULL, -- in words, as it was when the list was closed
    state        TEXT NOT NULL CHECK (state IN ('open', 'closed', 'drawn', 'done')),
    whole        BIGINT NOT NULL,
    created_by   TEXT NOT NULL,
    creator      TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    closed_at    BIGINT NOT NULL,
    drawn_at     BIGINT NOT NULL,
    done_at      BIGINT NOT NULL
);
CREATE INDEX draw_register ON draw (register, created_at);

CREATE TABLE draw_item (
    draw_id   TEXT NOT NULL REFERENCES draw (id),
    seq       BIGINT NOT NULL,
    record_id TEXT NOT NULL,
    no        TEXT NOT NULL,
    flagged   BIGINT NOT NULL, -- when the list was closed
    why       TEXT NOT NULL, -- drawn, flagged, whole; empty for not chosen
    results   TEXT NOT NULL, -- what each person found, as JSON
    verdict   TEXT NOT NULL, -- what two of them found alike; empty before
    PRIMARY KEY (draw_id, seq)
);
