-- name: Products :many
SELECT * FROM product ORDER BY position, code;

-- name: AddProduct :exec
INSERT INTO product (id, code, name, license, in_cap, vat_bp, contacts, position, retired, offer)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: PriceList :one
SELECT * FROM price_list WHERE id = $1;

-- name: AddPriceList :exec
INSERT INTO price_list (id, name, valid_from, bands, caps, created_at, state, origin, edited_by, edited_name, edited_at, approved_by, approved_name, approved_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14);

-- name: Fees :many
SELECT product_id, cents FROM fee WHERE price_list_id = $1;

-- name: AddFee :exec
INSERT INTO fee (price_list_id, product_id, cents) VALUES ($1, $2, $3);
