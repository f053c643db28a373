-- name: Add :exec
INSERT INTO merger (id, into_id, day, state, body, choices, hash, planned_by, planned_name, planned_at, settled_by, settled_name, settled_at, detail)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', '', NULL, '');

-- name: AddSchool :exec
INSERT INTO merger_school (merger_id, school_id) VALUES ($1, $2);

-- name: Move :execrows
UPDATE merger SET state = sqlc.arg(state), body = sqlc.arg(body), settled_by = sqlc.arg(settled_by), settled_name = sqlc.arg(settled_name),
    settled_at = sqlc.arg(settled_at), detail = sqlc.arg(detail)
WHERE id = sqlc.arg(id) AND state = sqlc.arg(before);

-- name: Merger :one
SELECT * FROM merger WHERE id = $1;

-- name: List :many
SELECT * FROM merger ORDER BY CASE WHEN state IN ('planned', 'held') THEN day ELSE 'z' END, id DESC LIMIT $1;

-- name: OfSchool :many
SELECT m.* FROM merger_school s JOIN merger m ON m.id = s.merger_id WHERE s.school_id = $1 ORDER BY m.id DESC;

-- name: Due :many
SELECT * FROM merger WHERE state = 'planned' AND day <= $1 ORDER BY day, id;

-- name: CountHeld :one
SELECT count(*) FROM merger WHERE state = 'held';
