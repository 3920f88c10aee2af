-- +goose Up
-- The moves of a task through its life, in order. due_on is the day by which the
-- state that was entered must be left; empty for none.
CREATE TABLE task_move (
    id         TEXT PRIMARY KEY,
    task_id    TEXT NOT NULL REFERENCES task (id),
    seq        BIGINT NOT NULL,
    move       TEXT NOT NULL,
    from_state TEXT NOT NULL,
    to_state   TEXT NOT NULL,
    words      TEXT NOT NULL,
    checks     TEXT NOT NULL,
    unit_id    TEXT NOT NULL,
    into_task  TEXT NOT NULL,
    proof_hash TEXT NOT NULL,
    proof_name TEXT NOT NULL,
    by_id      TEXT NOT NULL,
    by_name    TEXT NOT NULL,
    by_unit    TEXT NOT NULL,
    at         BIGINT NOT NULL,
    due_on     TEXT NOT NULL
);
CREATE UNIQUE INDEX task_move_task ON task_move (task_id, seq);

-- What was asked for to put a due date off, and the answer.
CREATE TABLE extension (
    id           TEXT PRIMARY KEY,
    task_id      TEXT NOT NULL REFERENCES task (id),
    reason       TEXT NOT NULL,
    progress     TEXT NOT NULL,
    signed_by    TEXT NOT NULL,
    old_due      TEXT NOT NULL,
    wanted_due   TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('asked', 'granted', 'refused')),
    new_due      TEXT NOT NULL,
    answer       TEXT NOT NULL,
    asked_by     TEXT NOT NULL,
    asker_name   TEXT NOT NULL,
    asked_at     BIGINT NOT NULL,
    decided_by   TEXT NOT NULL,
    decider_name TEXT NOT NULL,
    decided_at   BIGINT NOT NULL
);
CREATE INDEX extension_task ON extension (task_id, asked_at);

-- Tasks whose due date is set by law: it is never put off.
CREATE TABLE statutory_due (
    task_id TEXT PRIMARY KEY REFERENCES task (id),
    basis   TEXT NOT NULL
);

-- How far the ranking of counties is told, the newest last; none means internal.
CREATE TABLE ranking_level (
    n       BIGINT PRIMARY KEY,
    level   TEXT NOT NULL CHECK (level IN ('internal', 'bulletin', 'open')),
    reason  TEXT NOT NULL,
    by_id   TEXT NOT NULL,
    by_name TEXT NOT NULL,
    at      BIGINT NOT NULL
);
