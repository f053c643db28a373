-- name: OfSchool :many
SELECT * FROM subscription WHERE school_id = $1 ORDER BY product_id, period_from;

-- name: Between :many
SELECT * FROM subscription WHERE school_id > $1 AND school_id <= $2 ORDER BY school_id, product_id, period_from;

-- name: Add :execrows
INSERT INTO subscription (id, school_id, product_id, license, period_from, period_to, band, fee_cents, used, contract, moved_from, ended, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
ON CONFLICT (school_id, product_id, period_from) DO NOTHING;

-- name: Update :execrows
UPDATE subscription SET product_id = $1, license = $2, period_from = $3, period_to = $4, band = $5, fee_cents = $6, used = $7, contract = $8,
    moved_from = $9, ended = $10, updated_at = $11
WHERE id = $12;

-- name: Delete :exec
DELETE FROM subscription WHERE id = $1;
