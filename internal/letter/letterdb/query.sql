-- name: Terms :one
SELECT * FROM terms WHERE id = $1;

-- name: AddTerms :exec
INSERT INTO terms (id, kind, version, title, body, effective_from) VALUES ($1, $2, $3, $4, $5, $6);
