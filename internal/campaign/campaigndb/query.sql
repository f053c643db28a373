-- name: Campaign :one
SELECT * FROM campaign WHERE id = $1;

-- name: Campaigns :many
SELECT * FROM campaign ORDER BY opens_on DESC, id DESC;

-- name: AddCampaign :exec
INSERT INTO campaign (id, name, kind, year, period_from, period_to, price_list_id, terms_id, opens_on, closes_on, created_at, setup)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);
