-- name: NextInChain :one
-- Takes the next places of the chain and locks its head until the commit.
INSERT INTO event_chain (id, seq, hash) VALUES (1, $1, '')
ON CONFLICT (id) DO UPDATE SET seq = event_chain.seq + excluded.seq
RETURNING seq, hash;

-- name: EndChain :exec
UPDATE event_chain SET hash = $1 WHERE id = 1;

-- name: ChainHead :one
SELECT seq, hash FROM event_chain WHERE id = 1;

-- name: LockUnhashedChain :one
-- Of processes that start at once the first takes it; the others wait, and find the hash set.
UPDATE event_chain SET seq = seq WHERE id = 1 AND hash = '' AND NOT EXISTS (SELECT 1 FROM event WHERE seq = 1 AND hash <> '') RETURNING seq;

-- name: SetHash :exec
UPDATE event SET prev = $1, hash = $2 WHERE seq = $3;

-- name: AddEvent :exec
INSERT INTO event (seq, id, at, kind, actor_id, actor_name, actor_role, school_id, about_id, data, prev, hash, mac)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- name: SetMAC :exec
UPDATE event SET mac = $1 WHERE seq = $2;

-- name: FirstCoded :one
SELECT seq FROM event WHERE mac <> '' LIMIT 1;

-- name: FirstUncoded :one
SELECT seq FROM event WHERE mac = '' ORDER BY seq LIMIT 1;

-- name: EventsAbout :many
SELECT * FROM event WHERE about_id = $1 ORDER BY id DESC LIMIT $2;

-- name: EventsAboutOfKind :many
-- One thing has few events, a kind has all: the joined text keeps planners from the index by kind.
SELECT * FROM event WHERE about_id = sqlc.arg(about_id) AND kind || '' = CAST(sqlc.arg(kind) AS TEXT) ORDER BY id;

-- name: HashAt :one
SELECT hash FROM event WHERE seq = $1;

-- name: ChainAfter :many
SELECT * FROM event WHERE seq > $1 ORDER BY seq LIMIT $2;

-- name: LastInChain :one
SELECT seq FROM event ORDER BY seq DESC LIMIT 1;

-- name: Events :many
SELECT * FROM event WHERE id >= $1 AND id < $2 ORDER BY id DESC LIMIT $3;

-- name: EventsOfSchool :many
SELECT * FROM event WHERE school_id = $1 AND id >= $2 AND id < $3 ORDER BY id DESC LIMIT $4;

-- name: EventsOfActor :many
SELECT * FROM event WHERE actor_name = $1 AND id >= $2 AND id < $3 ORDER BY id DESC LIMIT $4;

-- name: EventsOfKind :many
SELECT * FROM event WHERE kind = $1 AND id >= $2 AND id < $3 ORDER BY id DESC LIMIT $4;

-- name: NamesAfter :one
SELECT seq, id, kind FROM event WHERE seq > $1 ORDER BY seq LIMIT 1;
