-- name: Products :many
SELECT * FROM product ORDER BY position, code;

-- name: AddProduct :exec
INSERT INTO product (id, code, name, license, in_cap, vat_bp, contacts, position, retired, offer)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: UpdateProduct :execrows
UPDATE product SET code = $1, name = $2, license = $3, in_cap = $4, vat_bp = $5, contacts = $6, position = $7, retired = $8, offer = $9, version = version + 1
WHERE id = $10 AND version = $11;

-- name: PriceList :one
SELECT * FROM price_list WHERE id = $1;

-- name: PriceLists :many
SELECT * FROM price_list ORDER BY valid_from DESC, created_at DESC, id DESC;

-- An approved list never changes: every statement that writes to a list or to its fees asks for a draft.

-- name: AddDraft :exec
INSERT INTO price_list (id, name, valid_from, bands, caps, created_at, state, origin, edited_by, edited_name, edited_at, authors)
VALUES ($1, $2, $3, $4, $5, $6, 'draft', $7, $8, $9, $10, $11);

-- name: UpdateDraft :execrows
UPDATE price_list SET name = $1, valid_from = $2, bands = $3, caps = $4, edited_by = $5, edited_name = $6, edited_at = $7, authors = $8, version = version + 1
WHERE id = $9 AND version = $10 AND state = 'draft';

-- name: Approve :execrows
UPDATE price_list SET state = 'approved', approved_by = sqlc.arg(approved_by), approved_name = sqlc.arg(approved_name), approved_at = sqlc.arg(approved_at),
    terms = sqlc.arg(terms), version = version + 1
WHERE id = sqlc.arg(id) AND version = sqlc.arg(version) AND state = 'draft' AND authors NOT LIKE '%"' || CAST(sqlc.arg(author) AS TEXT) || '"%';

-- name: DeleteDraft :execrows
DELETE FROM price_list WHERE price_list.id = $1 AND price_list.version = $2 AND price_list.state = 'draft'
AND NOT EXISTS (SELECT 1 FROM campaign WHERE campaign.price_list_id = price_list.id);

-- name: WaitingDrafts :one
SELECT count(*) FROM price_list WHERE state = 'draft' AND authors NOT LIKE '%"' || CAST(sqlc.arg(account) AS TEXT) || '"%' AND EXISTS (SELECT 1 FROM fee WHERE fee.price_list_id = price_list.id);

-- name: Fees :many
SELECT product_id, cents FROM fee WHERE price_list_id = $1;

-- name: AllFees :many
SELECT price_list_id, product_id, cents FROM fee;

-- name: AddFee :execrows
INSERT INTO fee (price_list_id, product_id, cents)
SELECT price_list.id, product.id, $1 FROM price_list, product WHERE price_list.id = $2 AND price_list.state = 'draft' AND product.id = $3;

-- name: DeleteFees :exec
DELETE FROM fee WHERE fee.price_list_id = $1 AND EXISTS (SELECT 1 FROM price_list WHERE price_list.id = fee.price_list_id AND price_list.state = 'draft');

-- name: Index :many
SELECT month, milli, base, source FROM price_index WHERE series = $1 ORDER BY month;

-- name: SetIndex :exec
INSERT INTO price_index (series, month, milli, base, source, written_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (series, month) DO UPDATE SET milli = excluded.milli, base = excluded.base, source = excluded.source, written_at = excluded.written_at;

-- name: IndexLinks :many
SELECT new_base, old_base, micro, source FROM price_index_link WHERE series = $1 ORDER BY new_base DESC, old_base DESC;

-- name: SetIndexLink :exec
INSERT INTO price_index_link (series, new_base, old_base, micro, source, written_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (series, new_base, old_base) DO UPDATE SET micro = excluded.micro, source = excluded.source, written_at = excluded.written_at;
