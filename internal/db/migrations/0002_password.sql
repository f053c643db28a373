-- Forgotten passwords, and the waiting that guessing meets.

-- +goose Up
ALTER TABLE account ADD COLUMN email TEXT NOT NULL DEFAULT ''; -- of the office's users; a school's mail goes to its institutional address
ALTER TABLE account ADD COLUMN reset_request TEXT;             -- the newest request for a new password: ids grow with time
ALTER TABLE account ADD COLUMN reset_hash TEXT;                -- SHA-256 of the secret in the one link that holds; NULL is none
ALTER TABLE account ADD COLUMN reset_address TEXT;             -- where that link was mailed to
ALTER TABLE account ADD COLUMN reset_until TIMESTAMP;
CREATE UNIQUE INDEX account_reset_request ON account (reset_request);
CREATE UNIQUE INDEX account_reset_hash ON account (reset_hash);

CREATE TABLE attempt (
    subject    TEXT PRIMARY KEY,   -- what is counted, as a keyed hash: a user name, an address, the two together
    tries      BIGINT NOT NULL,
    since      TIMESTAMP NOT NULL, -- when the count began
    wait_until TIMESTAMP NOT NULL,
    usual      BOOLEAN NOT NULL,   -- this user has come in from this address
    keep_until TIMESTAMP NOT NULL
);
CREATE INDEX attempt_keep ON attempt (keep_until);
