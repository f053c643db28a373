-- A signed letter that the school has been asked about before it is sent, and the vendor's acceptance of those that the office has accepted.

-- +goose Up
CREATE TABLE letter_held ( -- at most one of a school: another file takes its place
    school_id   TEXT PRIMARY KEY REFERENCES school (id),
    id          TEXT NOT NULL,  -- of the signed letter that it becomes
    name        TEXT NOT NULL,
    format      TEXT NOT NULL,
    facts       TEXT NOT NULL,
    file_key    TEXT NOT NULL,
    file_sha256 TEXT NOT NULL,
    file_size   BIGINT NOT NULL,
    uploaded_by TEXT NOT NULL,
    uploaded_at TIMESTAMP NOT NULL
);

ALTER TABLE letter_signed ADD COLUMN acceptance TEXT NOT NULL DEFAULT '';        -- '' is none yet; countersigned, sheet
ALTER TABLE letter_signed ADD COLUMN acceptance_key TEXT NOT NULL DEFAULT '';
ALTER TABLE letter_signed ADD COLUMN acceptance_sha256 TEXT NOT NULL DEFAULT '';
ALTER TABLE letter_signed ADD COLUMN acceptance_size BIGINT NOT NULL DEFAULT 0;
ALTER TABLE letter_signed ADD COLUMN acceptance_at TIMESTAMP;
CREATE INDEX letter_signed_unaccepted ON letter_signed (decided_at) WHERE outcome = 'accepted' AND acceptance = '';
