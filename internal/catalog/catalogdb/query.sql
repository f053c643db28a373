-- name: Products :many
SELECT * FROM product ORDER BY position, code;

-- name: AddProduct :exec
INSERT INTO product (id, code, name, license, in_cap, vat_bp, contacts, position) VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: PriceList :one
SELECT * FROM price_list WHERE id = $1;

-- name: AddPriceList :exec
INSERT INTO price_list (id, name, valid_from, bands, caps, created_at) VALUES ($1, $2, $3, $4, $5, $6);

-- name: Fees :many
SELECT product_id, cents FROM fee WHERE price_list_id = $1;

-- name: AddFee :exec
INSERT INTO fee (price_list_id, product_id, cents) VALUES ($1, $2, $3);
