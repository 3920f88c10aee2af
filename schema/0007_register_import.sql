-- +goose Up
-- Files on their way into registers. row_at is the last row of the file that the present
-- work has passed; while rows are entered it moves in the transaction that enters them.
-- principal is who entered them, with the rights held when the work was ordered, as JSON.
CREATE TABLE register_import (
    id          TEXT PRIMARY KEY,
    register_id TEXT NOT NULL,
    name        TEXT NOT NULL,
    blob_hash   TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('uploaded', 'checking', 'checked', 'importing', 'done', 'cancelled', 'failed')),
    problem     TEXT NOT NULL,
    ignored     TEXT NOT NULL,
    total       BIGINT NOT NULL,
    row_at      BIGINT NOT NULL,
    last_row    BIGINT NOT NULL,
    good        BIGINT NOT NULL,
    bad         BIGINT NOT NULL,
    cells       BIGINT NOT NULL,
    entered     BIGINT NOT NULL,
    refused     BIGINT NOT NULL,
    principal   TEXT NOT NULL,
    by_id       TEXT NOT NULL,
    by_name     TEXT NOT NULL,
    unit_id     TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL
);
CREATE INDEX register_import_by ON register_import (by_id, created_at);

-- What keeps rows out: one row for each bad cell. field is empty for a row that is refused as
-- a whole. found is empty where the field is personal.
CREATE TABLE register_import_cell (
    import_id TEXT NOT NULL REFERENCES register_import (id),
    row_no    BIGINT NOT NULL,
    seq       BIGINT NOT NULL,
    letter    TEXT NOT NULL,
    field     TEXT NOT NULL,
    label     TEXT NOT NULL,
    found     TEXT NOT NULL,
    reason    TEXT NOT NULL,
    PRIMARY KEY (import_id, row_no, seq)
);
