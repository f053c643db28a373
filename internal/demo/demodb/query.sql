-- name: Mark :one
SELECT value FROM setting WHERE name = 'demonstration';

-- name: SetMark :exec
INSERT INTO setting (name, value, updated_at) VALUES ('demonstration', $1, $2)
ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at;

-- name: HasCampaign :one
SELECT count(*) FROM campaign WHERE id = $1;

-- name: PasswordHash :one
SELECT password_hash FROM account WHERE username = $1;

-- name: Filled :one
SELECT CAST(CASE WHEN EXISTS (SELECT 1 FROM account) OR EXISTS (SELECT 1 FROM school) OR EXISTS (SELECT 1 FROM product) OR EXISTS (SELECT 1 FROM price_list)
    OR EXISTS (SELECT 1 FROM terms) OR EXISTS (SELECT 1 FROM campaign) OR EXISTS (SELECT 1 FROM setting WHERE name = 'vendor') THEN 1 ELSE 0 END AS BIGINT) AS filled;
