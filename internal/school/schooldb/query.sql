-- name: Schools :many
SELECT * FROM school ORDER BY ministry_code;

-- name: School :one
SELECT * FROM school WHERE id = $1;

-- name: AddSchool :exec
INSERT INTO school (id, portal_code, customer_number, ministry_code, name, type, address, postcode, town, province, province_code,
    region, tax_code, vat_number, office_code, email, pec, website, pupils, pupils_year, display_name, short_name, search, created_at,
    updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25);

-- name: UpdateSchool :execrows
UPDATE school SET ministry_code = $1, name = $2, type = $3, address = $4, postcode = $5, town = $6, province = $7, province_code = $8,
    region = $9, tax_code = $10, vat_number = $11, office_code = $12, email = $13, pec = $14, website = $15, pupils = $16,
    pupils_year = $17, display_name = $18, short_name = $19, search = $20, updated_at = $21
WHERE id = $22;

-- name: SchoolByCode :one
SELECT * FROM school WHERE portal_code = $1 OR ministry_code = $2;

-- name: EmailNear :one
SELECT CAST(coalesce(
    (SELECT a.email FROM school a WHERE a.ministry_code >= $1 ORDER BY a.ministry_code LIMIT 1),
    (SELECT b.email FROM school b ORDER BY b.ministry_code LIMIT 1), '') AS TEXT) AS email;
