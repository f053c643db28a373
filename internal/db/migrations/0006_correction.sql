-- What schools ask to correct of their data, and what of it must survive the next import of the registry.

-- +goose Up
ALTER TABLE school ADD COLUMN version BIGINT NOT NULL DEFAULT 0; -- grows with every change: a write can name the version that it saw

CREATE TABLE correction (
    id        TEXT PRIMARY KEY,
    school_id TEXT NOT NULL REFERENCES school (id),
    by_id     TEXT NOT NULL,
    by_name   TEXT NOT NULL,   -- the user name
    by_role   TEXT NOT NULL,   -- system: the registry says something else of a corrected value
    sent_at   TIMESTAMP NOT NULL,
    note      TEXT NOT NULL,
    waiting   BIGINT NOT NULL  -- values that nobody has decided on
);
CREATE INDEX correction_school ON correction (school_id, id);
CREATE INDEX correction_waiting ON correction (school_id) WHERE waiting > 0;

CREATE TABLE correction_item (
    correction_id TEXT NOT NULL REFERENCES correction (id),
    school_id     TEXT NOT NULL REFERENCES school (id),
    field         TEXT NOT NULL,
    old_value     TEXT NOT NULL, -- when it was asked
    new_value     TEXT NOT NULL,
    warnings      TEXT NOT NULL, -- JSON: the doubts that the school has seen and confirmed
    state         TEXT NOT NULL, -- open, accepted, rejected, replaced, withdrawn
    decided_by    TEXT NOT NULL,
    decided_name  TEXT NOT NULL,
    decided_at    TIMESTAMP,
    reason        TEXT NOT NULL,
    PRIMARY KEY (correction_id, field)
);
-- A newer correction of a value takes the place of the one that waits.
CREATE UNIQUE INDEX correction_item_open ON correction_item (school_id, field) WHERE state = 'open';

CREATE TABLE kept_value (
    school_id TEXT NOT NULL REFERENCES school (id),
    field     TEXT NOT NULL, -- corrected: an import does not write it
    registry  TEXT NOT NULL, -- what the registry last said of it
    PRIMARY KEY (school_id, field)
);
