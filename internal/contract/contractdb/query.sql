-- name: OpenSeries :exec
INSERT INTO numbering (series, year, last) VALUES ($1, $2, 0) ON CONFLICT (series, year) DO NOTHING;

-- name: NextNumber :one
UPDATE numbering SET last = last + 1 WHERE series = $1 AND year = $2 RETURNING last;

-- name: AddContract :exec
INSERT INTO contract (id, number, series, year, seq, request_id, revision, school_id, campaign_id, kind, dated, period_from,
    period_to, taxable_cents, total_cents, cig, verify_code, state, document, file_key, file_sha256, file_size, numbered_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 'numbered', $18, '', '', 0, $19);

-- name: Contract :one
SELECT * FROM contract WHERE id = $1;

-- name: ContractByRequest :one
SELECT * FROM contract WHERE request_id = $1;

-- name: ContractByCode :one
SELECT number, dated, cig, total_cents, file_sha256, file_size, signed_at, document FROM contract WHERE verify_code = $1;

-- name: ContractsOfSchool :many
SELECT id, number, kind, dated, period_from, period_to, taxable_cents, total_cents, state, file_size, signed_at, numbered_at
FROM contract WHERE school_id = $1 ORDER BY numbered_at DESC, id DESC;

-- name: ContractList :many
SELECT c.id, c.number, c.kind, c.dated, c.taxable_cents, c.state, c.signed_at, c.sent_at, c.cig, s.short_name, s.town,
    s.province_code, s.portal_code
FROM contract c JOIN school s ON s.id = c.school_id
WHERE (CAST($1 AS TEXT) = '' OR c.state = $1)
    AND (CAST($2 AS TEXT) = '' OR s.search LIKE $2 OR c.number LIKE $2 OR lower(c.cig) LIKE $2)
ORDER BY c.numbered_at DESC, c.id DESC LIMIT $3 OFFSET $4;

-- name: ContractCounts :many
SELECT state, count(*) AS contracts, CAST(sum(taxable_cents) AS BIGINT) AS taxable FROM contract GROUP BY state ORDER BY state;

-- name: MarkSigned :execrows
UPDATE contract SET state = 'signed', file_key = $1, file_sha256 = $2, file_size = $3, signed_at = $4 WHERE id = $5 AND state = 'numbered';

-- name: MarkSent :execrows
UPDATE contract SET state = 'sent', sent_at = $1 WHERE id = $2 AND state = 'signed';

-- name: MarkUndelivered :execrows
UPDATE contract SET state = 'undelivered' WHERE id = $1 AND state = 'signed';

-- name: Stuck :many
SELECT id, state FROM contract WHERE state IN ('numbered', 'signed') AND numbered_at < $1 ORDER BY numbered_at LIMIT $2;

-- name: AddRun :exec
INSERT INTO bulk_run (id, number, campaign_id, started_by, started_name, started_at, finished_at, total)
VALUES ($1, (SELECT coalesce(max(number), 0) + 1 FROM bulk_run), $2, $3, $4, $5, NULL, $6);

-- name: AddRunItem :exec
INSERT INTO bulk_item (run_id, position, request_id, revision, outcome, detail) VALUES ($1, $2, $3, $4, 'queued', '');

-- name: Run :one
SELECT * FROM bulk_run WHERE id = $1;

-- name: Runs :many
SELECT * FROM bulk_run ORDER BY number DESC LIMIT $1;

-- name: QueuedItems :many
SELECT position, request_id, revision FROM bulk_item WHERE run_id = $1 AND outcome = 'queued' ORDER BY position LIMIT $2;

-- name: SettleItem :execrows
UPDATE bulk_item SET outcome = $1, detail = $2 WHERE run_id = $3 AND position = $4 AND outcome = 'queued';

-- name: FinishRun :execrows
UPDATE bulk_run SET finished_at = $1 WHERE id = $2 AND finished_at IS NULL;

-- name: RunCounts :many
SELECT outcome, count(*) AS items FROM bulk_item WHERE run_id = $1 GROUP BY outcome ORDER BY outcome;

-- name: RunContracts :one
SELECT count(*) AS numbered, CAST(coalesce(sum(CASE WHEN c.state <> 'numbered' THEN 1 ELSE 0 END), 0) AS BIGINT) AS signed,
    CAST(coalesce(sum(CASE WHEN c.state IN ('sent', 'delivered') THEN 1 ELSE 0 END), 0) AS BIGINT) AS sent,
    CAST(coalesce(sum(c.taxable_cents), 0) AS BIGINT) AS taxable,
    CAST(coalesce(min(c.number), '') AS TEXT) AS first_number, CAST(coalesce(max(c.number), '') AS TEXT) AS last_number
FROM bulk_item i JOIN contract c ON c.request_id = i.request_id WHERE i.run_id = $1 AND i.outcome = 'processed';

-- name: RunTrouble :many
SELECT i.request_id, i.revision, i.outcome, i.detail, s.short_name, s.town, s.portal_code
FROM bulk_item i JOIN request r ON r.id = i.request_id JOIN school s ON s.id = r.school_id
WHERE i.run_id = $1 AND i.outcome IN ('stopped', 'skipped') ORDER BY i.position;
