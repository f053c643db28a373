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
SELECT id, number, kind, dated, cig, total_cents, file_sha256, file_size, signed_at, document FROM contract WHERE verify_code = $1;

-- name: ContractsOfSchool :many
SELECT id, number, kind, dated, period_from, period_to, taxable_cents, total_cents, state, file_size, signed_at, numbered_at, request_id
FROM contract WHERE school_id = $1 ORDER BY numbered_at DESC, id DESC;

-- name: ContractList :many
SELECT c.id, c.number, c.kind, c.dated, c.taxable_cents, c.state, c.file_size, c.signed_at, c.sent_at, c.cig, c.request_id, s.short_name, s.town,
    s.province_code, s.portal_code
FROM contract c JOIN school s ON s.id = c.school_id
WHERE (CAST(sqlc.arg(state) AS TEXT) = '' OR c.state = sqlc.arg(state))
    AND (CAST(sqlc.arg(search) AS TEXT) = '' OR s.search LIKE sqlc.arg(search) OR s.search LIKE sqlc.arg(code)
        OR lower(c.number) LIKE sqlc.arg(search) OR replace(lower(c.number), '/', '') LIKE sqlc.arg(code) OR lower(c.cig) LIKE sqlc.arg(code))
    AND CAST(sqlc.arg(max_rows) AS BIGINT) > 0 -- named here first: parameters must be numbered in the order of their first use
ORDER BY c.numbered_at DESC, c.id DESC LIMIT sqlc.arg(max_rows) OFFSET sqlc.arg(skip_rows);

-- name: ContractSums :one
SELECT count(*) AS contracts, CAST(coalesce(sum(c.taxable_cents), 0) AS BIGINT) AS taxable
FROM contract c JOIN school s ON s.id = c.school_id
WHERE (CAST(sqlc.arg(state) AS TEXT) = '' OR c.state = sqlc.arg(state))
    AND (CAST(sqlc.arg(search) AS TEXT) = '' OR s.search LIKE sqlc.arg(search) OR s.search LIKE sqlc.arg(code)
        OR lower(c.number) LIKE sqlc.arg(search) OR replace(lower(c.number), '/', '') LIKE sqlc.arg(code) OR lower(c.cig) LIKE sqlc.arg(code));

-- name: ContractCounts :many
SELECT state, count(*) AS contracts, CAST(sum(taxable_cents) AS BIGINT) AS taxable FROM contract GROUP BY state ORDER BY state;

-- name: MarkSigned :execrows
UPDATE contract SET state = 'signed', file_key = $1, file_sha256 = $2, file_size = $3, signed_at = $4 WHERE id = $5 AND state = 'numbered';

-- name: MarkSent :execrows
UPDATE contract SET state = 'sent', sent_at = $1 WHERE id = $2 AND state IN ('signed', 'undelivered');

-- name: MarkUndelivered :execrows
UPDATE contract SET state = 'undelivered' WHERE id = $1 AND state = 'signed';

-- name: Stuck :many
SELECT id FROM contract WHERE state = 'numbered' AND numbered_at < $1 ORDER BY numbered_at LIMIT $2;

-- name: ContractsAfter :many
SELECT id FROM contract WHERE id > $1 ORDER BY id LIMIT $2;

-- name: NewestFiles :many
SELECT file_key FROM contract WHERE state <> 'numbered' ORDER BY id DESC LIMIT $1;

-- name: Numbers :many
SELECT series, year, last FROM numbering ORDER BY series, year;

-- name: RaiseNumber :exec
UPDATE numbering SET last = $1 WHERE series = $2 AND year = $3 AND last < $1;

-- name: CampaignOf :one
SELECT campaign_id FROM request WHERE id = $1;

-- name: AddRun :exec
INSERT INTO bulk_run (id, number, campaign_id, started_by, started_name, started_at, finished_at, total)
VALUES ($1, $2, $3, $4, $5, $6, NULL, $7);

-- name: AddRunItem :execrows
INSERT INTO bulk_item (run_id, position, request_id, revision, outcome, detail, looks)
SELECT CAST(sqlc.arg(run_id) AS TEXT), CAST(sqlc.arg(position) AS BIGINT), r.id, CAST(sqlc.arg(revision) AS BIGINT), 'queued', '', CAST(sqlc.arg(looks) AS TEXT)
FROM request r WHERE r.id = sqlc.arg(request_id) AND r.campaign_id = sqlc.arg(campaign_id);

-- name: Run :one
SELECT sqlc.embed(b), c.name FROM bulk_run b JOIN campaign c ON c.id = b.campaign_id WHERE b.id = $1;

-- name: Runs :many
SELECT sqlc.embed(b), c.name FROM bulk_run b JOIN campaign c ON c.id = b.campaign_id ORDER BY b.number DESC LIMIT $1;

-- name: QueuedItems :many
SELECT position, request_id, revision, looks FROM bulk_item WHERE run_id = $1 AND outcome = 'queued' ORDER BY position LIMIT $2;

-- name: SettleItem :execrows
UPDATE bulk_item SET outcome = $1, detail = $2 WHERE run_id = $3 AND position = $4 AND outcome = 'queued';

-- name: FinishRun :execrows
UPDATE bulk_run SET finished_at = $1 WHERE id = $2 AND finished_at IS NULL;

-- name: RunCounts :many
SELECT outcome, count(*) AS items FROM bulk_item WHERE run_id = $1 GROUP BY outcome ORDER BY outcome;

-- name: RunsCounts :many
SELECT i.run_id, i.outcome, count(*) AS items FROM bulk_item i
WHERE i.run_id IN (SELECT b.id FROM bulk_run b ORDER BY b.number DESC LIMIT $1) GROUP BY i.run_id, i.outcome ORDER BY i.run_id, i.outcome;

-- name: RunContracts :one
SELECT count(*) AS numbered, CAST(coalesce(sum(CASE WHEN c.state <> 'numbered' THEN 1 ELSE 0 END), 0) AS BIGINT) AS signed,
    CAST(coalesce(sum(CASE WHEN c.state IN ('sent', 'delivered') THEN 1 ELSE 0 END), 0) AS BIGINT) AS sent,
    CAST(coalesce(sum(CASE WHEN c.state = 'undelivered' THEN 1 ELSE 0 END), 0) AS BIGINT) AS undelivered,
    CAST(coalesce(sum(c.taxable_cents), 0) AS BIGINT) AS taxable,
    CAST(coalesce(min(c.number), '') AS TEXT) AS first_number, CAST(coalesce(max(c.number), '') AS TEXT) AS last_number
FROM bulk_item i JOIN contract c ON c.request_id = i.request_id WHERE i.run_id = $1 AND i.outcome = 'processed';

-- name: RunTrouble :many
SELECT i.request_id, i.revision, i.outcome, i.detail, r.state, r.revision AS latest, s.short_name, s.portal_code, s.tax_code, s.email
FROM bulk_item i JOIN request r ON r.id = i.request_id JOIN school s ON s.id = r.school_id
WHERE i.run_id = $1 AND i.outcome IN ('stopped', 'skipped') ORDER BY i.position;
