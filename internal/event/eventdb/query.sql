-- name: AddEvent :exec
INSERT INTO event (id, at, kind, actor_id, actor_name, actor_role, school_id, about_id, data) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: EventsAbout :many
SELECT * FROM event WHERE about_id = $1 ORDER BY id DESC LIMIT $2;
