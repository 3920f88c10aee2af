-- +goose Up
-- A document as it was handed in. The bytes lie in the blob store under their hash.
CREATE TABLE document (
    id          TEXT PRIMARY KEY,
    blob_hash   TEXT NOT NULL,
    name        TEXT NOT NULL,
    format      TEXT NOT NULL,
    encoding    TEXT NOT NULL,
    size        BIGINT NOT NULL,
    body        TEXT NOT NULL,
    pages       BIGINT NOT NULL,
    warnings    TEXT NOT NULL,
    uploaded_by TEXT NOT NULL,
    uploaded_at BIGINT NOT NULL
);

-- A published list: the city's plan, a county's own list or a bureau's special plan.
CREATE TABLE plan (
    id           TEXT PRIMARY KEY,
    kind         TEXT NOT NULL CHECK (kind IN ('city', 'county', 'special')),
    code         TEXT NOT NULL,
    title        TEXT NOT NULL,
    doc_no       TEXT NOT NULL,
    issued_on    TEXT NOT NULL,
    year         BIGINT NOT NULL,
    year_end     BIGINT NOT NULL,
    issuers      TEXT NOT NULL,
    goals        TEXT NOT NULL,
    parent_id    TEXT NOT NULL,
    territory_id TEXT NOT NULL,
    unit_id      TEXT NOT NULL,
    version      BIGINT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('active', 'closed')),
    next_task    BIGINT NOT NULL,
    rules        TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL
);
CREATE UNIQUE INDEX plan_code ON plan (code);
CREATE INDEX plan_parent ON plan (parent_id);
CREATE INDEX plan_year ON plan (year, state);

-- One reading of one document on its way to becoming a list.
CREATE TABLE import (
    id           TEXT PRIMARY KEY,
    document_id  TEXT NOT NULL REFERENCES document (id),
    kind         TEXT NOT NULL CHECK (kind IN ('city', 'county', 'special')),
    state        TEXT NOT NULL CHECK (state IN ('reading', 'failed', 'draft', 'submitted', 'published', 'discarded')),
    title        TEXT NOT NULL,
    plan_id      TEXT NOT NULL,
    parent_id    TEXT NOT NULL,
    territory_id TEXT NOT NULL,
    unit_id      TEXT NOT NULL,
    reading      TEXT NOT NULL,
    problem      TEXT NOT NULL,
    revision     BIGINT NOT NULL,
    created_by   TEXT NOT NULL,
    creator_name TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    submitted_by TEXT NOT NULL,
    submitted_at BIGINT NOT NULL,
    decided_by   TEXT NOT NULL,
    decided_at   BIGINT NOT NULL,
    note         TEXT NOT NULL
);
CREATE INDEX import_state ON import (state, created_at);

-- What people changed of a reading, in order. The draft is the reading with these applied.
CREATE TABLE correction (
    import_id TEXT NOT NULL REFERENCES import (id),
    seq       BIGINT NOT NULL,
    op        TEXT NOT NULL,
    by_id     TEXT NOT NULL,
    by_name   TEXT NOT NULL,
    at        BIGINT NOT NULL,
    PRIMARY KEY (import_id, seq)
);

CREATE TABLE plan_version (
    plan_id      TEXT NOT NULL REFERENCES plan (id),
    version      BIGINT NOT NULL,
    import_id    TEXT NOT NULL REFERENCES import (id),
    document_id  TEXT NOT NULL REFERENCES document (id),
    published_by TEXT NOT NULL,
    published_at BIGINT NOT NULL,
    summary      TEXT NOT NULL,
    PRIMARY KEY (plan_id, version)
);

CREATE TABLE task (
    id             TEXT PRIMARY KEY,
    plan_id        TEXT NOT NULL REFERENCES plan (id),
    no             TEXT NOT NULL,
    seq            BIGINT NOT NULL,
    path           TEXT NOT NULL,
    number         TEXT NOT NULL,
    title          TEXT NOT NULL,
    body           TEXT NOT NULL,
    section        TEXT NOT NULL,
    category       TEXT NOT NULL,
    state          TEXT NOT NULL,
    openness       TEXT NOT NULL,
    start_on       TEXT NOT NULL,
    due_on         TEXT NOT NULL,
    original_due   TEXT NOT NULL,
    due_unit       TEXT NOT NULL,
    lead_unit      TEXT NOT NULL,
    territory_id   TEXT NOT NULL,
    parent_task_id TEXT NOT NULL,
    leader         TEXT NOT NULL,
    owner          TEXT NOT NULL,
    handler        TEXT NOT NULL,
    verification   TEXT NOT NULL,
    evidence_spec  TEXT NOT NULL,
    report_cycle   TEXT NOT NULL,
    document_id    TEXT NOT NULL REFERENCES document (id),
    span_start     BIGINT NOT NULL,
    span_end       BIGINT NOT NULL,
    version_added  BIGINT NOT NULL,
    version_gone   BIGINT NOT NULL,
    revision       BIGINT NOT NULL,
    search         TEXT NOT NULL,
    created_at     BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL
);
CREATE UNIQUE INDEX task_no ON task (no);
CREATE INDEX task_plan ON task (plan_id, seq);
CREATE INDEX task_parent ON task (parent_task_id);

-- One row for each unit that a printed name means; unit_id is empty when nobody knows it.
CREATE TABLE task_unit (
    task_id    TEXT NOT NULL REFERENCES task (id),
    seq        BIGINT NOT NULL,
    name       TEXT NOT NULL,
    role       TEXT NOT NULL CHECK (role IN ('lead', 'support', 'responsible')),
    span_start BIGINT NOT NULL,
    span_end   BIGINT NOT NULL,
    unit_id    TEXT NOT NULL,
    PRIMARY KEY (task_id, seq, unit_id)
);
CREATE INDEX task_unit_unit ON task_unit (unit_id, task_id);

-- Where a matter comes from. One task may have several sources: it is reported once.
CREATE TABLE task_source (
    id          TEXT PRIMARY KEY,
    task_id     TEXT NOT NULL REFERENCES task (id),
    kind        TEXT NOT NULL,
    title       TEXT NOT NULL,
    clause      TEXT NOT NULL,
    quote       TEXT NOT NULL,
    document_id TEXT NOT NULL,
    span_start  BIGINT NOT NULL,
    span_end    BIGINT NOT NULL,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL
);
CREATE INDEX task_source_task ON task_source (task_id);

CREATE TABLE target (
    id            TEXT PRIMARY KEY,
    task_id       TEXT NOT NULL REFERENCES task (id),
    seq           BIGINT NOT NULL,
    subject       TEXT NOT NULL,
    kind          TEXT NOT NULL CHECK (kind IN ('flow', 'stock', 'rate', 'comparison', 'qualitative')),
    comparator    TEXT NOT NULL,
    value         BIGINT,
    value_max     BIGINT,
    unit          TEXT NOT NULL,
    change_dir    TEXT NOT NULL,
    aspirational  BIGINT NOT NULL,
    cumulative    BIGINT NOT NULL,
    words         TEXT NOT NULL,
    deadline      TEXT NOT NULL,
    deadline_text TEXT NOT NULL,
    quantify_by   TEXT NOT NULL,
    baseline      BIGINT,
    baseline_on   TEXT NOT NULL,
    curve         TEXT NOT NULL,
    measure       TEXT NOT NULL,
    quote         TEXT NOT NULL,
    span_start    BIGINT NOT NULL,
    span_end      BIGINT NOT NULL,
    share_note    TEXT NOT NULL,
    version_gone  BIGINT NOT NULL
);
CREATE INDEX target_task ON target (task_id, seq);

CREATE TABLE share (
    target_id    TEXT NOT NULL REFERENCES target (id),
    territory_id TEXT NOT NULL,
    value        BIGINT NOT NULL,
    note         TEXT NOT NULL,
    PRIMARY KEY (target_id, territory_id)
);

CREATE TABLE milestone (
    id          TEXT PRIMARY KEY,
    task_id     TEXT NOT NULL REFERENCES task (id),
    seq         BIGINT NOT NULL,
    name        TEXT NOT NULL,
    planned_on  TEXT NOT NULL,
    deliverable TEXT NOT NULL,
    acceptance  TEXT NOT NULL,
    weight      BIGINT NOT NULL,
    evidence    TEXT NOT NULL,
    actual_on   TEXT NOT NULL,
    proof_hash  TEXT NOT NULL,
    proof_name  TEXT NOT NULL,
    reported_by TEXT NOT NULL,
    verified_by TEXT NOT NULL,
    verified_at BIGINT NOT NULL,
    slip_reason TEXT NOT NULL
);
CREATE INDEX milestone_task ON milestone (task_id, seq);

-- One reported value: the running total up to as_of. territory_id is empty for the whole.
CREATE TABLE progress (
    id            TEXT PRIMARY KEY,
    target_id     TEXT NOT NULL REFERENCES target (id),
    territory_id  TEXT NOT NULL,
    as_of         TEXT NOT NULL,
    value         BIGINT NOT NULL,
    note          TEXT NOT NULL,
    proof_hash    TEXT NOT NULL,
    proof_name    TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('reported', 'verified', 'returned', 'withdrawn')),
    reported_by   TEXT NOT NULL,
    reporter_name TEXT NOT NULL,
    reporter_unit TEXT NOT NULL,
    reported_at   BIGINT NOT NULL,
    decided_by    TEXT NOT NULL,
    decider_name  TEXT NOT NULL,
    decided_at    BIGINT NOT NULL,
    decided_n     BIGINT NOT NULL, -- the change (plan_change.n) that decided it: of several for one day the last decided counts
    reason        TEXT NOT NULL,
    demo          BIGINT NOT NULL
);
CREATE INDEX progress_target ON progress (target_id, territory_id, as_of, state);
-- Only what waits: an index over all states would tempt an engine to begin with 'verified', which nearly all entries are.
CREATE INDEX progress_waiting ON progress (reported_at) WHERE state = 'reported';
CREATE INDEX progress_proof ON progress (proof_hash);

-- The newest verified and the newest unverified value of each target and territory: derived from
-- progress in the same transaction, so that a page need not read every entry; checked by "verify".
CREATE TABLE standing (
    target_id     TEXT NOT NULL REFERENCES target (id),
    territory_id  TEXT NOT NULL,
    as_of         TEXT NOT NULL,
    value         BIGINT,
    pending_as_of TEXT NOT NULL,
    pending       BIGINT,
    PRIMARY KEY (target_id, territory_id)
);

-- A light set by hand stands beside the computed one until it expires.
CREATE TABLE light_override (
    id          TEXT PRIMARY KEY,
    task_id     TEXT NOT NULL REFERENCES task (id),
    level       TEXT NOT NULL,
    reason      TEXT NOT NULL,
    by_id       TEXT NOT NULL,
    by_name     TEXT NOT NULL,
    at          BIGINT NOT NULL,
    until_on    TEXT NOT NULL,
    lifted_by   TEXT NOT NULL,
    lifted_at   BIGINT NOT NULL
);
CREATE INDEX light_override_task ON light_override (task_id);

-- Spellings of units that people taught the program, beside those of the city pack.
CREATE TABLE learned_alias (
    printed    TEXT PRIMARY KEY,
    unit_id    TEXT NOT NULL,
    learned_by TEXT NOT NULL,
    learned_at BIGINT NOT NULL
);

-- The changes of this room in order, each with the task it concerns, so that what a page
-- computed is brought up to date task by task. Old rows are dropped.
CREATE TABLE plan_change (
    n       BIGINT PRIMARY KEY,
    task_id TEXT NOT NULL
);
INSERT INTO plan_change (n, task_id) VALUES (1, '');
