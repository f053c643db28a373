-- Browsers that a user has come in with, names that are guessed at, and sessions that end when nobody uses them.

-- +goose Up
CREATE TABLE device (
    subject    TEXT PRIMARY KEY, -- keyed hash of the browser's number and the user name
    account_id TEXT NOT NULL REFERENCES account (id),
    used_at    TIMESTAMP NOT NULL -- when the user last came in with it
);
CREATE INDEX device_account ON device (account_id, used_at);
CREATE INDEX device_used ON device (used_at);

ALTER TABLE account ADD COLUMN besieged_at TIMESTAMP; -- when the person and the office were last told that the name is guessed at
CREATE INDEX account_besieged ON account (besieged_at);

ALTER TABLE session ADD COLUMN seen_at TIMESTAMP; -- the last request, within a few minutes; NULL is not known yet
