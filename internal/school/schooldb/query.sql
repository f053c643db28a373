-- name: Schools :many
SELECT * FROM school ORDER BY ministry_code;

-- name: School :one
SELECT * FROM school WHERE id = $1;

-- name: AddSchool :exec
INSERT INTO school (id, portal_code, customer_number, ministry_code, name, type, address, postcode, town, province, province_code,
    region, tax_code, vat_number, office_code, email, pec, website, pupils, pupils_year, display_name, short_name, search, created_at,
    updated_at, closed_on, vanished_on, merged_into, sort_key, folded, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, 0);

-- name: UpdateSchool :execrows
UPDATE school SET ministry_code = $1, name = $2, type = $3, address = $4, postcode = $5, town = $6, province = $7, province_code = $8,
    region = $9, tax_code = $10, vat_number = $11, office_code = $12, email = $13, pec = $14, website = $15, pupils = $16,
    pupils_year = $17, display_name = $18, short_name = $19, search = $20, updated_at = $21,
    closed_on = $22, vanished_on = $23, merged_into = $24, sort_key = $25, folded = $26, version = version + 1
WHERE id = $27 AND (version = $28 OR CAST($28 AS BIGINT) < 0);

-- name: SchoolByCode :one
SELECT * FROM school WHERE portal_code = $1 OR ministry_code = $2;

-- name: EmailNear :one
SELECT CAST(coalesce(
    (SELECT a.email FROM school a WHERE a.ministry_code >= $1 ORDER BY a.ministry_code LIMIT 1),
    (SELECT b.email FROM school b ORDER BY b.ministry_code LIMIT 1), '') AS TEXT) AS email;

-- name: AddCorrection :exec
INSERT INTO correction (id, school_id, by_id, by_name, by_role, sent_at, note, waiting) VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: AddCorrectionItem :exec
INSERT INTO correction_item (correction_id, school_id, field, old_value, new_value, warnings, state, decided_by, decided_name, decided_at, reason)
VALUES ($1, $2, $3, $4, $5, $6, 'open', '', '', NULL, '');

-- name: Correction :one
SELECT * FROM correction WHERE id = $1;

-- name: CorrectionItems :many
SELECT i.*, c.by_role, c.sent_at FROM correction_item i JOIN correction c ON c.id = i.correction_id
WHERE i.correction_id = $1;

-- name: SettleItem :execrows
UPDATE correction_item SET state = $1, decided_by = $2, decided_name = $3, decided_at = $4, reason = $5
WHERE correction_id = $6 AND field = $7 AND state = 'open';

-- name: CountDown :one
UPDATE correction SET waiting = waiting - $1 WHERE id = $2 RETURNING waiting;

-- name: OpenItems :many
SELECT i.*, c.by_role, c.sent_at FROM correction_item i JOIN correction c ON c.id = i.correction_id
WHERE i.school_id = $1 AND i.state = 'open' ORDER BY i.field;

-- name: ItemsOfSchool :many
SELECT i.*, c.by_role, c.sent_at FROM correction_item i JOIN correction c ON c.id = i.correction_id
WHERE c.school_id = $1 ORDER BY c.id DESC, i.field LIMIT $2;

-- name: WaitingCorrections :one
SELECT count(*) FROM correction WHERE waiting > 0;

-- name: WaitingOfSchool :many
SELECT id FROM correction WHERE school_id = $1 AND waiting > 0 ORDER BY id;

-- name: CorrectionCounts :one
SELECT count(*) AS total, CAST(coalesce(sum(CASE WHEN c.waiting > 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS waiting
FROM correction c JOIN school s ON s.id = c.school_id
WHERE CAST(sqlc.arg(search) AS TEXT) = '' OR s.search LIKE sqlc.arg(search) OR s.search LIKE sqlc.arg(code);

-- name: CorrectionList :many
SELECT c.id, c.by_name, c.by_role, c.sent_at, c.waiting, s.short_name, s.province_code, s.portal_code,
    CAST((SELECT string_agg(i.field, ' ') FROM correction_item i WHERE i.correction_id = c.id) AS TEXT) AS fields
FROM correction c JOIN school s ON s.id = c.school_id
WHERE (CAST(sqlc.arg(search) AS TEXT) = '' OR s.search LIKE sqlc.arg(search) OR s.search LIKE sqlc.arg(code))
    AND (CAST(sqlc.arg(view) AS TEXT) = '' OR (sqlc.arg(view) = 'waiting') = (c.waiting > 0))
    AND CAST(sqlc.arg(max_rows) AS BIGINT) > 0 -- named here first: parameters must be numbered in the order of their first use
ORDER BY CASE WHEN c.waiting > 0 THEN c.id ELSE 'z' END, c.id DESC LIMIT sqlc.arg(max_rows) OFFSET sqlc.arg(skip_rows);

-- name: KeptValues :many
SELECT * FROM kept_value;

-- name: KeepFirst :exec
INSERT INTO kept_value (school_id, field, registry) VALUES ($1, $2, $3) ON CONFLICT (school_id, field) DO NOTHING;

-- name: Keep :exec
INSERT INTO kept_value (school_id, field, registry) VALUES ($1, $2, $3) ON CONFLICT (school_id, field) DO UPDATE SET registry = excluded.registry;

-- name: Unkeep :exec
DELETE FROM kept_value WHERE school_id = $1 AND field = $2;

-- name: SchoolsAfter :many
SELECT * FROM school WHERE id > $1 ORDER BY id LIMIT $2;

-- name: CountSchools :one
SELECT count(*) FROM school;

-- name: SchoolsMergedInto :many
SELECT * FROM school WHERE merged_into = $1 ORDER BY closed_on, id;

-- name: Regions :many
SELECT DISTINCT region FROM school WHERE region <> '' ORDER BY region;

-- name: ProvincesOf :many
SELECT DISTINCT province_code FROM school WHERE province_code <> '' AND (CAST($1 AS TEXT) = '' OR region = $1) ORDER BY province_code;

-- name: SchoolCount :one
SELECT count(*) FROM school s
WHERE (CAST(sqlc.arg(search) AS TEXT) = '' OR s.search LIKE sqlc.arg(search) OR s.search LIKE sqlc.arg(code))
    AND (CAST(sqlc.arg(region) AS TEXT) = '' OR s.region = sqlc.arg(region))
    AND (CAST(sqlc.arg(province) AS TEXT) = '' OR s.province_code = sqlc.arg(province))
    AND (CAST(sqlc.arg(standing) AS TEXT) = ''
        OR (sqlc.arg(standing) = 'open' AND s.closed_on = '' AND s.vanished_on = '')
        OR (sqlc.arg(standing) = 'closed' AND s.closed_on <> '' AND s.merged_into = '')
        OR (sqlc.arg(standing) = 'merged' AND s.merged_into <> '')
        OR (sqlc.arg(standing) = 'vanished' AND s.vanished_on <> '')
        OR (sqlc.arg(standing) = 'no-tax-code' AND s.tax_code = '')
        OR (sqlc.arg(standing) = 'no-email' AND s.email = ''));

-- name: SchoolList :many
SELECT s.* FROM school s
WHERE (CAST(sqlc.arg(search) AS TEXT) = '' OR s.search LIKE sqlc.arg(search) OR s.search LIKE sqlc.arg(code))
    AND (CAST(sqlc.arg(region) AS TEXT) = '' OR s.region = sqlc.arg(region))
    AND (CAST(sqlc.arg(province) AS TEXT) = '' OR s.province_code = sqlc.arg(province))
    AND (CAST(sqlc.arg(standing) AS TEXT) = ''
        OR (sqlc.arg(standing) = 'open' AND s.closed_on = '' AND s.vanished_on = '')
        OR (sqlc.arg(standing) = 'closed' AND s.closed_on <> '' AND s.merged_into = '')
        OR (sqlc.arg(standing) = 'merged' AND s.merged_into <> '')
        OR (sqlc.arg(standing) = 'vanished' AND s.vanished_on <> '')
        OR (sqlc.arg(standing) = 'no-tax-code' AND s.tax_code = '')
        OR (sqlc.arg(standing) = 'no-email' AND s.email = ''))
    AND CAST(sqlc.arg(max_rows) AS BIGINT) > 0 -- named here first: parameters must be numbered in the order of their first use
ORDER BY s.sort_key, s.id LIMIT sqlc.arg(max_rows) OFFSET sqlc.arg(skip_rows);

-- A merged school's data go on with its heir.
-- name: OtherSchoolWith :one
SELECT s.short_name FROM school s WHERE s.id <> sqlc.arg(school_id) AND s.merged_into = '' AND (
    (sqlc.arg(field) = 'tax_code' AND s.tax_code = sqlc.arg(value)) OR (sqlc.arg(field) = 'email' AND s.email = sqlc.arg(value))
    OR (sqlc.arg(field) = 'pec' AND s.pec = sqlc.arg(value)))
ORDER BY s.portal_code LIMIT 1;

-- name: KeptOf :many
SELECT * FROM kept_value WHERE school_id = $1;

-- name: Unfolded :many
SELECT * FROM school WHERE folded < $1 ORDER BY folded, id LIMIT $2;

-- What people see of the school does not change, so its version stays. A row that somebody has written meanwhile is folded already.
-- name: Refold :execrows
UPDATE school SET search = $1, sort_key = $2, folded = $3 WHERE id = $4 AND version = $5 AND folded < $3;
