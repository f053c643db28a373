-- name: AddImport :exec
INSERT INTO exchange_import (id, what, file_name, sha256, size, state, detail, digest, by_id, by_username, by_name, by_role, sent_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- name: OneImport :one
SELECT * FROM exchange_import WHERE id = $1;

-- name: Imports :many
SELECT * FROM exchange_import ORDER BY id DESC LIMIT $1;

-- name: MoveImport :execrows
UPDATE exchange_import SET state = $1, detail = $2, digest = $3, by_id = $4, by_username = $5, by_name = $6, by_role = $7, done_at = $8
WHERE id = $9 AND state = $10 AND digest = $11;

-- name: DeletePages :exec
DELETE FROM exchange_page WHERE import_id = $1;

-- name: AddPage :exec
INSERT INTO exchange_page (import_id, view, number, body) VALUES ($1, $2, $3, $4);

-- name: Page :one
SELECT body FROM exchange_page WHERE import_id = $1 AND view = $2 AND number = $3;

-- name: PriceLists :many
SELECT id, name, valid_from FROM price_list ORDER BY valid_from DESC, name, id;
