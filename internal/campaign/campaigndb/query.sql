-- name: Campaign :one
SELECT sqlc.embed(c), CAST(EXISTS (SELECT 1 FROM request r WHERE r.campaign_id = c.id) AS BOOLEAN) AS published FROM campaign c WHERE c.id = $1;

-- name: Campaigns :many
SELECT sqlc.embed(c), CAST(EXISTS (SELECT 1 FROM request r WHERE r.campaign_id = c.id) AS BOOLEAN) AS published FROM campaign c
ORDER BY c.opens_on DESC, c.id DESC;

-- The round is the next of its kind and year; where two are added at once, the index lets one of them wait and fail.
-- name: AddCampaign :exec
INSERT INTO campaign (id, name, kind, year, period_from, period_to, price_list_id, terms_id, opens_on, closes_on, created_at, setup, round)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, (SELECT coalesce(max(x.round), 0) + 1 FROM campaign x WHERE x.kind = $3 AND x.year = $4));

-- name: UpdateCampaign :execrows
UPDATE campaign SET name = $1, period_from = $2, period_to = $3, price_list_id = $4, terms_id = $5, opens_on = $6, closes_on = $7, setup = $8,
    version = version + 1
WHERE id = $9 AND version = $10;

-- name: LockCampaigns :exec
UPDATE campaign SET version = version WHERE kind = $1;

-- name: PriceLists :many
SELECT id, name, valid_from, state FROM price_list ORDER BY valid_from DESC, name;

-- name: InProvince :one
SELECT count(*) FROM school WHERE province_code = $1;

-- name: WithMinistryCode :one
SELECT count(*) FROM school WHERE ministry_code = $1;

-- name: Places :many
SELECT DISTINCT region, province_code FROM school WHERE region <> '' OR province_code <> '' ORDER BY region, province_code;

-- name: Item :one
SELECT * FROM campaign_item WHERE campaign_id = $1 AND school_id = $2;

-- name: PutItem :exec
INSERT INTO campaign_item (campaign_id, school_id, run_id, state, body, lines, taxable_cents, before_cents, like_cents, oddities, detail, request_id, made_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', $12)
ON CONFLICT (campaign_id, school_id) DO UPDATE SET run_id = excluded.run_id, state = excluded.state, body = excluded.body, lines = excluded.lines,
    taxable_cents = excluded.taxable_cents, before_cents = excluded.before_cents, like_cents = excluded.like_cents, oddities = excluded.oddities,
    detail = excluded.detail, made_at = excluded.made_at
WHERE campaign_item.state NOT IN ('published', 'ceased');

-- name: DropItem :exec
DELETE FROM campaign_item WHERE campaign_id = $1 AND school_id = $2 AND state NOT IN ('published', 'ceased');

-- name: SettleItem :execrows
UPDATE campaign_item SET state = $1, run_id = $2, detail = $3, request_id = $4 WHERE campaign_id = $5 AND school_id = $6 AND state = $7;

-- name: OutdateItems :exec
UPDATE campaign_item SET state = 'changed', detail = $1 WHERE campaign_id = $2 AND state IN ('rehearsed', 'withdrawn');

-- What a publication or a withdrawal works on: of a publication what was rehearsed, and what was taken back.
-- name: ToDo :many
SELECT i.* FROM campaign_item i JOIN school s ON s.id = i.school_id
WHERE i.campaign_id = sqlc.arg(campaign_id)
    AND ((CAST(sqlc.arg(kind) AS TEXT) = 'withdrawal' AND i.state = 'published')
        OR (sqlc.arg(kind) = 'publication' AND i.state IN ('rehearsed', 'withdrawn') AND i.lines > 0))
    AND (CAST(sqlc.arg(clean) AS BOOLEAN) = FALSE OR i.oddities = '')
    AND (CAST(sqlc.arg(region) AS TEXT) = '' OR s.region = sqlc.arg(region))
    AND (CAST(sqlc.arg(province) AS TEXT) = '' OR s.province_code = sqlc.arg(province))
    AND (CAST(sqlc.arg(picked) AS TEXT) = '' OR sqlc.arg(picked) LIKE '% ' || i.school_id || ' %')
    AND i.school_id > CAST(sqlc.arg(after) AS TEXT)
    AND CAST(sqlc.arg(max_rows) AS BIGINT) > 0 -- named here first: parameters must be numbered in the order of their first use
ORDER BY i.school_id LIMIT sqlc.arg(max_rows);

-- name: CountToDo :one
SELECT count(*) FROM campaign_item i JOIN school s ON s.id = i.school_id
WHERE i.campaign_id = sqlc.arg(campaign_id)
    AND ((CAST(sqlc.arg(kind) AS TEXT) = 'withdrawal' AND i.state = 'published')
        OR (sqlc.arg(kind) = 'publication' AND i.state IN ('rehearsed', 'withdrawn') AND i.lines > 0))
    AND (CAST(sqlc.arg(clean) AS BOOLEAN) = FALSE OR i.oddities = '')
    AND (CAST(sqlc.arg(region) AS TEXT) = '' OR s.region = sqlc.arg(region))
    AND (CAST(sqlc.arg(province) AS TEXT) = '' OR s.province_code = sqlc.arg(province))
    AND (CAST(sqlc.arg(picked) AS TEXT) = '' OR sqlc.arg(picked) LIKE '% ' || i.school_id || ' %');

-- name: ItemRows :many
SELECT i.campaign_id, i.school_id, i.run_id, i.state, i.lines, i.taxable_cents, i.before_cents, i.like_cents, i.oddities, i.detail, i.request_id,
    i.made_at, s.short_name, s.portal_code, s.ministry_code, s.province_code, s.region
FROM campaign_item i JOIN school s ON s.id = i.school_id
WHERE i.campaign_id = sqlc.arg(campaign_id)
    AND (CAST(sqlc.arg(state) AS TEXT) = '' OR i.state = sqlc.arg(state))
    AND (CAST(sqlc.arg(oddity) AS TEXT) = '' OR i.oddities LIKE sqlc.arg(oddity))
    AND (CAST(sqlc.arg(clean) AS BOOLEAN) = FALSE OR (i.oddities = '' AND i.state <> 'failed' AND i.lines > 0))
    AND (CAST(sqlc.arg(search) AS TEXT) = '' OR s.search LIKE sqlc.arg(search) OR s.search LIKE sqlc.arg(code))
    AND (CAST(sqlc.arg(region) AS TEXT) = '' OR s.region = sqlc.arg(region))
    AND (CAST(sqlc.arg(province) AS TEXT) = '' OR s.province_code = sqlc.arg(province))
    AND (CAST(sqlc.arg(run) AS TEXT) = '' OR i.run_id = sqlc.arg(run))
    AND (CAST(sqlc.arg(stopped) AS BOOLEAN) = FALSE OR i.state IN ('failed', 'changed') OR (i.state = 'published' AND i.detail <> ''))
    AND CAST(sqlc.arg(max_rows) AS BIGINT) > 0 -- named here first: parameters must be numbered in the order of their first use
ORDER BY
    CASE CAST(sqlc.arg(sort) AS TEXT) WHEN 'amount' THEN -i.taxable_cents
        WHEN 'rise' THEN CASE WHEN i.before_cents > 0 THEN -(i.like_cents - i.before_cents) * 10000 / i.before_cents ELSE 10000000 END
        ELSE 0 END,
    s.sort_key, i.school_id
LIMIT sqlc.arg(max_rows) OFFSET sqlc.arg(skip_rows);

-- name: ItemSums :one
SELECT count(*) AS items, CAST(coalesce(sum(i.lines), 0) AS BIGINT) AS lines, CAST(coalesce(sum(i.taxable_cents), 0) AS BIGINT) AS taxable,
    CAST(coalesce(sum(i.before_cents), 0) AS BIGINT) AS before_sum, CAST(coalesce(sum(i.like_cents), 0) AS BIGINT) AS like_sum
FROM campaign_item i JOIN school s ON s.id = i.school_id
WHERE i.campaign_id = sqlc.arg(campaign_id)
    AND (CAST(sqlc.arg(state) AS TEXT) = '' OR i.state = sqlc.arg(state))
    AND (CAST(sqlc.arg(oddity) AS TEXT) = '' OR i.oddities LIKE sqlc.arg(oddity))
    AND (CAST(sqlc.arg(clean) AS BOOLEAN) = FALSE OR (i.oddities = '' AND i.state <> 'failed' AND i.lines > 0))
    AND (CAST(sqlc.arg(search) AS TEXT) = '' OR s.search LIKE sqlc.arg(search) OR s.search LIKE sqlc.arg(code))
    AND (CAST(sqlc.arg(region) AS TEXT) = '' OR s.region = sqlc.arg(region))
    AND (CAST(sqlc.arg(province) AS TEXT) = '' OR s.province_code = sqlc.arg(province))
    AND (CAST(sqlc.arg(run) AS TEXT) = '' OR i.run_id = sqlc.arg(run))
    AND (CAST(sqlc.arg(stopped) AS BOOLEAN) = FALSE OR i.state IN ('failed', 'changed') OR (i.state = 'published' AND i.detail <> ''));

-- name: StateSums :many
SELECT i.state, count(*) AS items, CAST(sum(CASE WHEN i.lines = 0 THEN 1 ELSE 0 END) AS BIGINT) AS empty, CAST(sum(i.lines) AS BIGINT) AS lines,
    CAST(sum(i.taxable_cents) AS BIGINT) AS taxable, CAST(sum(i.before_cents) AS BIGINT) AS before_sum, CAST(sum(i.like_cents) AS BIGINT) AS like_sum
FROM campaign_item i WHERE i.campaign_id = $1 GROUP BY i.state ORDER BY i.state;

-- name: OddityGroups :many
SELECT oddities, count(*) AS items FROM campaign_item WHERE campaign_id = $1 AND oddities <> '' GROUP BY oddities ORDER BY oddities;

-- Whole percents, rounded down: of amounts that are less than ten times the other.
-- name: Shares :many
SELECT CAST(((like_cents - before_cents) * 100 + before_cents * 1000) / before_cents - 1000 AS BIGINT) AS percent, count(*) AS items
FROM campaign_item WHERE campaign_id = $1 AND before_cents > 0 GROUP BY 1 ORDER BY 1;

-- name: OpenRequests :many
SELECT DISTINCT r.school_id FROM request r JOIN proposal p ON p.id = r.proposal_id
WHERE r.school_id >= $1 AND r.school_id <= $2 AND r.kind = $3 AND r.campaign_id <> $4 AND r.state NOT IN ('declined', 'expired', 'withdrawn')
    AND p.period_from <= $5 AND p.period_to >= $6
ORDER BY r.school_id;

-- name: CeaseItem :exec
UPDATE campaign_item SET state = 'ceased' WHERE request_id = $1 AND state = 'published';

-- name: OpenProposals :many
SELECT r.school_id, p.body FROM request r JOIN proposal p ON p.id = r.proposal_id
WHERE r.school_id >= $1 AND r.school_id <= $2 AND r.kind = $3 AND r.campaign_id <> $4 AND r.state NOT IN ('declined', 'expired', 'withdrawn', 'processed')
ORDER BY r.school_id, r.id;

-- name: SharedTaxCodes :many
SELECT tax_code FROM school WHERE tax_code <> '' GROUP BY tax_code HAVING count(*) > 1 ORDER BY tax_code;

-- A request that no school has opened has no confirmation, no contract, and is in nobody's run.
-- name: TakeBackRequest :many
DELETE FROM request WHERE id = $1 AND state = 'offered' AND revision = 0 AND NOT EXISTS (SELECT 1 FROM bulk_item b WHERE b.request_id = request.id)
RETURNING proposal_id;

-- name: DeleteProposal :exec
DELETE FROM proposal WHERE id = $1;

-- name: AddRun :exec
INSERT INTO campaign_run (id, campaign_id, kind, state, choice, total, done, skipped, failed, cursor, started_by, started_name, started_at, finished_at)
VALUES ($1, $2, $3, $4, $5, $6, 0, 0, 0, '', $7, $8, $9, NULL);

-- name: Run :one
SELECT * FROM campaign_run WHERE id = $1;

-- name: Runs :many
SELECT * FROM campaign_run WHERE campaign_id = $1 ORDER BY id DESC LIMIT $2;

-- name: UnfinishedRuns :many
SELECT * FROM campaign_run WHERE state = 'running' ORDER BY id;

-- name: Advance :execrows
UPDATE campaign_run SET cursor = sqlc.arg(to_cursor), done = done + sqlc.arg(done), skipped = skipped + sqlc.arg(skipped), failed = failed + sqlc.arg(failed)
WHERE id = sqlc.arg(id) AND cursor = sqlc.arg(from_cursor) AND state = 'running';

-- name: SetRunState :execrows
UPDATE campaign_run SET state = $1, finished_at = $2 WHERE id = $3 AND state = $4;
