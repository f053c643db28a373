-- The record of events becomes a chain: each event has its place, the hash of the one before it and its own. SQL that runs on
-- both engines cannot hash: what is on the record already gets its place here, and its hashes when the program starts
-- (eventdb.Store.ChainOld).

-- +goose Up
CREATE TABLE event_chain (
    id   BIGINT PRIMARY KEY CHECK (id = 1), -- there is one chain
    seq  BIGINT NOT NULL,                   -- of the last event
    hash TEXT NOT NULL                      -- its hash; '' while the events have none
);

CREATE TABLE chained (
    seq        BIGINT PRIMARY KEY, -- 1, 2, 3… without a gap, in the order of the commits
    id         TEXT NOT NULL UNIQUE,
    at         TIMESTAMP NOT NULL,
    kind       TEXT NOT NULL,
    actor_id   TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    actor_role TEXT NOT NULL,
    school_id  TEXT NOT NULL,
    about_id   TEXT NOT NULL,
    data       TEXT NOT NULL, -- JSON
    prev       TEXT NOT NULL, -- hash of the event before; '' for the first
    hash       TEXT NOT NULL  -- SHA-256 in hexadecimal; package event says of what
);
INSERT INTO chained (seq, id, at, kind, actor_id, actor_name, actor_role, school_id, about_id, data, prev, hash)
SELECT row_number() OVER (ORDER BY id), id, at, kind, actor_id, actor_name, actor_role, school_id, about_id, data, '', '' FROM event;
DROP TABLE event;
ALTER TABLE chained RENAME TO event;
INSERT INTO event_chain (id, seq, hash) SELECT 1, count(*), '' FROM event HAVING count(*) > 0;

-- Each way to look at the record is an index: ids begin with the time.
CREATE INDEX event_about ON event (about_id, id);
CREATE INDEX event_school ON event (school_id, id);
CREATE INDEX event_actor ON event (actor_name, id);
CREATE INDEX event_kind ON event (kind, id);
