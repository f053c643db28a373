-- Reminders to schools that have not answered, and the people who want none.

-- +goose Up
CREATE TABLE reminder_round ( -- a rule that was due on a day: it is planned once
    campaign_id TEXT NOT NULL REFERENCES campaign (id),
    rule        TEXT NOT NULL,
    day         TEXT NOT NULL,   -- on which it was due
    planned     BIGINT NOT NULL, -- how many requests it found
    planned_at  TIMESTAMP NOT NULL,
    PRIMARY KEY (campaign_id, rule, day)
);

CREATE TABLE reminder ( -- no foreign key to request: an offer that nobody opened can be taken back, and what was mailed stays
    request_id  TEXT NOT NULL,
    rule        TEXT NOT NULL,
    campaign_id TEXT NOT NULL REFERENCES campaign (id),
    school_id   TEXT NOT NULL REFERENCES school (id),
    state       TEXT NOT NULL, -- planned, sent, dropped
    reason      TEXT NOT NULL, -- why it was dropped: a code
    address     TEXT NOT NULL, -- to which it was sent
    token       TEXT,          -- of the link that stops reminders to that address
    planned_at  TIMESTAMP NOT NULL,
    settled_at  TIMESTAMP,
    PRIMARY KEY (request_id, rule)
);
CREATE UNIQUE INDEX reminder_token ON reminder (token);
CREATE INDEX reminder_next ON reminder (campaign_id, state, request_id);
CREATE INDEX reminder_pace ON reminder (settled_at);
CREATE INDEX reminder_school ON reminder (school_id, planned_at);

CREATE TABLE reminder_stop (
    school_id  TEXT NOT NULL REFERENCES school (id),
    address    TEXT NOT NULL, -- lower case
    stopped_at TIMESTAMP NOT NULL,
    PRIMARY KEY (school_id, address)
);
