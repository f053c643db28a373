-- A hash shows that an event was changed, but anybody who can write in the database can make one. A code that only the installation's
-- key makes shows who wrote the event.

-- +goose Up
ALTER TABLE event ADD COLUMN mac TEXT NOT NULL DEFAULT ''; -- HMAC-SHA256 of the hash, under the key of the seals; '' is older than that
CREATE INDEX event_uncoded ON event (seq) WHERE mac = '';
