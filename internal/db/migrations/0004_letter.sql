-- The letter with which a school appoints the vendor as processor (GDPR, art. 28): as it was prepared, as it came back signed,
-- and where each school stands. The texts are rows of terms, of the kind appointment.

-- +goose Up
CREATE TABLE letter (
    id          TEXT PRIMARY KEY,
    school_id   TEXT NOT NULL REFERENCES school (id),
    number      BIGINT NOT NULL, -- counts the letters of the school
    terms_id    TEXT NOT NULL REFERENCES terms (id),
    document    TEXT NOT NULL,   -- JSON: everything that it says
    file_key    TEXT NOT NULL,
    file_sha256 TEXT NOT NULL,
    file_size   BIGINT NOT NULL,
    prepared_by TEXT NOT NULL,
    prepared_at TIMESTAMP NOT NULL,
    UNIQUE (school_id, number)
);

CREATE TABLE letter_signed (
    id          TEXT PRIMARY KEY,
    school_id   TEXT NOT NULL REFERENCES school (id),
    number      BIGINT NOT NULL, -- counts the signed files of the school
    letter_id   TEXT NOT NULL REFERENCES letter (id), -- the last one prepared before
    name        TEXT NOT NULL,   -- of the file, as the school calls it
    format      TEXT NOT NULL,   -- pdf, p7m
    facts       TEXT NOT NULL,   -- JSON: signatures, pages
    file_key    TEXT NOT NULL,
    file_sha256 TEXT NOT NULL,
    file_size   BIGINT NOT NULL,
    uploaded_by TEXT NOT NULL,
    uploaded_at TIMESTAMP NOT NULL,
    outcome     TEXT NOT NULL,   -- '' until the office has looked; accepted, redo
    reason      TEXT NOT NULL,   -- why it is to be done again
    decided_by  TEXT NOT NULL,
    decided_at  TIMESTAMP,
    UNIQUE (school_id, number)
);

CREATE TABLE letter_standing ( -- of schools that have begun
    school_id  TEXT PRIMARY KEY REFERENCES school (id),
    state      TEXT NOT NULL,   -- prepared, sent, redo, accepted
    letters    BIGINT NOT NULL, -- how many were prepared
    copies     BIGINT NOT NULL, -- how many came back signed
    letter_id  TEXT NOT NULL,   -- the last one
    signed_id  TEXT NOT NULL,   -- the last one; '' is none
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX letter_standing_state ON letter_standing (state, school_id);
