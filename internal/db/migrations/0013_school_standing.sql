-- Schools close, vanish from the registry, and merge (dimensionamento): on a day two or more go on as one of them.

-- +goose Up
ALTER TABLE school ADD COLUMN closed_on TEXT NOT NULL DEFAULT '';   -- by the office, or by its merger; '' is open
ALTER TABLE school ADD COLUMN vanished_on TEXT NOT NULL DEFAULT ''; -- day of the first complete registry without it; '' is none
ALTER TABLE school ADD COLUMN merged_into TEXT NOT NULL DEFAULT ''; -- id of the school that it goes on in today; '' is none
CREATE INDEX school_name ON school (short_name, id);
CREATE INDEX school_merged ON school (merged_into);

CREATE TABLE merger ( -- some schools go on in one of them from a day on
    id           TEXT PRIMARY KEY,
    into_id      TEXT NOT NULL REFERENCES school (id),
    day          TEXT NOT NULL,
    state        TEXT NOT NULL,    -- planned, held, applied, cancelled
    body         TEXT NOT NULL,    -- JSON: the preview as it was shown and, once applied, as it was done
    choices      TEXT NOT NULL,    -- JSON: which of the duplicates go on
    hash         TEXT NOT NULL,    -- of what was shown
    planned_by   TEXT NOT NULL,
    planned_name TEXT NOT NULL,
    planned_at   TIMESTAMP NOT NULL,
    settled_by   TEXT NOT NULL,    -- who applied or cancelled it
    settled_name TEXT NOT NULL,
    settled_at   TIMESTAMP,
    detail       TEXT NOT NULL     -- why it is held
);
CREATE INDEX merger_state ON merger (state, day, id);

CREATE TABLE merger_school ( -- a school that goes on in another, and the other itself
    merger_id TEXT NOT NULL REFERENCES merger (id),
    school_id TEXT NOT NULL REFERENCES school (id),
    PRIMARY KEY (merger_id, school_id)
);
CREATE INDEX merger_school_school ON merger_school (school_id, merger_id);
