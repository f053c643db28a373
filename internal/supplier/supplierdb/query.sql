-- name: Setting :one
SELECT value, updated_at FROM setting WHERE name = $1;

-- name: SaveSetting :exec
INSERT INTO setting (name, value, updated_at) VALUES ($1, $2, $3)
ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at;
