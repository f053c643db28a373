-- name: Terms :one
SELECT * FROM terms WHERE id = $1;

-- name: AddTerms :exec
INSERT INTO terms (id, kind, version, title, body, effective_from) VALUES ($1, $2, $3, $4, $5, $6);

-- name: CurrentTerms :one
SELECT * FROM terms WHERE kind = $1 AND effective_from <= $2 ORDER BY effective_from DESC, id DESC LIMIT 1;

-- name: Versions :many
SELECT * FROM terms ORDER BY kind, effective_from DESC, id DESC;

-- What holds already, or belongs to a campaign, is never removed.

-- name: RemoveTerms :execrows
DELETE FROM terms WHERE terms.id = $1 AND effective_from > $2 AND NOT EXISTS (SELECT 1 FROM campaign WHERE campaign.terms_id = $1);
