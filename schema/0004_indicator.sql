-- +goose Up
-- Published statistics. One row is one version of one figure: a revision adds a row with the
-- next number and its reason, nothing is changed or deleted. value is NULL where a version
-- withdraws the figure. territory_id is a territory of the pack or 'province'. caliber is empty
-- where both calibers count the same area. ends_on is the last day of the period.
CREATE TABLE observation (
    id           TEXT PRIMARY KEY,
    indicator_id TEXT NOT NULL,
    territory_id TEXT NOT NULL,
    period       TEXT NOT NULL,
    ends_on      TEXT NOT NULL,
    caliber      TEXT NOT NULL,
    revision     BIGINT NOT NULL,
    value        BIGINT,
    released_on  TEXT NOT NULL,
    source       TEXT NOT NULL,
    confidence   TEXT NOT NULL,
    reason       TEXT NOT NULL,
    by_id        TEXT NOT NULL,
    by_name      TEXT NOT NULL,
    by_unit      TEXT NOT NULL,
    at           BIGINT NOT NULL
);
CREATE UNIQUE INDEX observation_version ON observation (indicator_id, territory_id, period, caliber, revision);

-- The changes of this room in order, each with the indicator it concerns. Old rows are dropped.
CREATE TABLE indicator_change (
    n            BIGINT PRIMARY KEY,
    indicator_id TEXT NOT NULL
);
INSERT INTO indicator_change (n, indicator_id) VALUES (1, '');
