-- name: AddProposal :execrows
INSERT INTO proposal (id, campaign_id, school_id, kind, period_from, period_to, body, made_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (school_id, kind, period_from, period_to) DO NOTHING;

-- name: Proposal :one
SELECT body FROM proposal WHERE id = $1;

-- name: AddRequest :exec
INSERT INTO request (id, number, campaign_id, school_id, proposal_id, kind, state, version, draft, draft_at, pending, revision,
    confirmed_at, band, offered_cents, taxable_cents, cig, warnings, taken_by, taken_name, taken_at, taken_revision, reason,
    created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, NULL, FALSE, 0, NULL, $9, $10, 0, '', '', NULL, '', NULL, 0, '', $11, $11);

-- name: Request :one
SELECT * FROM request WHERE id = $1;

-- name: RequestByNumber :one
SELECT * FROM request WHERE number = $1;

-- name: RequestsOfSchool :many
SELECT * FROM request WHERE school_id = $1 ORDER BY created_at DESC, id DESC;

-- name: UpdateRequest :execrows
UPDATE request SET state = $1, version = version + 1, draft = $2, draft_at = $3, pending = $4, revision = $5, confirmed_at = $6,
    band = $7, taxable_cents = $8, cig = $9, warnings = $10, taken_by = $11, taken_name = $12, taken_at = $13,
    taken_revision = $14, reason = $15, notice = $16, sent_back = $17, party = $18, roof = $19, updated_at = $20
WHERE id = $21 AND version = $22;

-- name: RequestsWithoutParty :many
SELECT id FROM request WHERE party = '' AND state IN ('submitted', 'in_review') ORDER BY id LIMIT $1;

-- name: SetParty :execrows
UPDATE request SET party = $1, roof = $2 WHERE id = $3 AND revision = $4 AND party = '';

-- name: ForgetSales :exec
DELETE FROM request_sale WHERE request_id = $1;

-- name: AddSale :exec
INSERT INTO request_sale (request_id, product_id, period_from, period_to) VALUES ($1, $2, $3, $4)
ON CONFLICT (request_id, product_id, period_from) DO NOTHING;

-- name: AddRevision :exec
INSERT INTO revision (request_id, number, confirmed_at, confirmed_by, taxable_cents, total_cents, body)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: Revision :one
SELECT body FROM revision WHERE request_id = $1 AND number = $2;

-- name: Revisions :many
SELECT body FROM revision WHERE request_id = $1 ORDER BY number;

-- The school's own first, then those of the same campaign: the limit cuts off what nobody is warned of.
-- name: OtherRequestsWithCIG :many
SELECT r.id, s.portal_code, s.short_name, r.campaign_id, r.school_id, c.name AS campaign, v.body AS confirmation
FROM request r JOIN school s ON s.id = r.school_id
    JOIN campaign c ON c.id = r.campaign_id
    JOIN revision v ON v.request_id = r.id AND v.number = r.revision
    JOIN request me ON me.id = $1 AND me.state NOT IN ('declined', 'expired', 'withdrawn')
WHERE r.cig = $2 AND r.id <> $1 AND r.state NOT IN ('declined', 'expired', 'withdrawn')
ORDER BY CASE WHEN r.school_id = me.school_id THEN 0 WHEN r.campaign_id = me.campaign_id THEN 1 ELSE 2 END, r.id LIMIT 10;

-- A CIG that two schools of a campaign have confirmed is a doubt about both their requests. It is not kept with them, because
-- what one school confirms would change the other's: in the queries below shared_cig holds those CIGs. Look holds the requests for which
-- there is something else to look at (the view request_look has it by kind, renewal.Looks puts it in words): IN is worked out once for a
-- query, where a join would be by SQLite for each row.
-- name: StateCounts :many
WITH look AS (SELECT k.request_id FROM request_to_look k WHERE k.campaign_id = $1)
SELECT r.state, count(*) AS requests, CAST(sum(r.taxable_cents) AS BIGINT) AS taxable, CAST(sum(r.offered_cents) AS BIGINT) AS offered,
    CAST(sum(CASE WHEN r.warnings <> '' OR shared_cig.cig IS NOT NULL OR r.id IN (SELECT look.request_id FROM look) THEN 1 ELSE 0 END) AS BIGINT) AS warned,
    CAST(sum(CASE WHEN r.revision > r.taken_revision AND r.taken_revision > 0 THEN 1 ELSE 0 END) AS BIGINT) AS changed,
    CAST(sum(CASE WHEN r.state = 'in_review' OR (r.state = 'submitted' AND r.warnings = '' AND shared_cig.cig IS NULL AND r.id NOT IN (SELECT look.request_id FROM look) AND r.taken_revision = 0)
        THEN 1 ELSE 0 END) AS BIGINT) AS ready
FROM request r LEFT JOIN (
    SELECT x.cig FROM request x WHERE x.campaign_id = $1 AND x.cig <> '' AND x.state NOT IN ('declined', 'expired', 'withdrawn')
    GROUP BY x.cig HAVING min(x.school_id) <> max(x.school_id)
) shared_cig ON shared_cig.cig = r.cig AND r.state NOT IN ('declined', 'expired', 'withdrawn')
WHERE r.campaign_id = $1 GROUP BY r.state ORDER BY r.state;

-- name: CountWaiting :one
SELECT count(*) FROM request WHERE campaign_id = $1 AND state IN ('submitted', 'in_review');

-- name: CountTakenBy :one
SELECT count(*) FROM request WHERE campaign_id = $1 AND taken_by = $2 AND state IN ('submitted', 'in_review');

-- The queries of the work list touch nothing but the index request_work_list, and the table of schools only where it is
-- searched or sorted by: with 7,860 requests a page takes some milliseconds.

-- name: WorkListIDs :many
WITH look AS (SELECT k.request_id FROM request_to_look k WHERE k.campaign_id = sqlc.arg(campaign_id))
SELECT r.id FROM request r LEFT JOIN (
    SELECT x.cig FROM request x WHERE x.campaign_id = sqlc.arg(campaign_id) AND x.cig <> '' AND x.state NOT IN ('declined', 'expired', 'withdrawn')
    GROUP BY x.cig HAVING min(x.school_id) <> max(x.school_id)
) shared_cig ON shared_cig.cig = r.cig AND r.state NOT IN ('declined', 'expired', 'withdrawn')
WHERE r.campaign_id = sqlc.arg(campaign_id)
    AND (CAST(sqlc.arg(state) AS TEXT) = '' OR r.state = sqlc.arg(state))
    AND (CAST(sqlc.arg(queue) AS TEXT) = ''
        OR (sqlc.arg(queue) = 'waiting' AND r.state IN ('submitted', 'in_review'))
        OR (sqlc.arg(queue) = 'changed' AND r.state IN ('submitted', 'in_review') AND r.taken_revision > 0 AND r.revision > r.taken_revision)
        OR (sqlc.arg(queue) = 'ready' AND (r.state = 'in_review' OR (r.state = 'submitted' AND r.warnings = '' AND shared_cig.cig IS NULL AND r.id NOT IN (SELECT look.request_id FROM look) AND r.taken_revision = 0)))
        OR (sqlc.arg(queue) = 'unanswered' AND r.state IN ('offered', 'draft')))
    AND (CAST(sqlc.arg(search) AS TEXT) = '' OR r.school_id IN (SELECT s.id FROM school s WHERE s.search LIKE sqlc.arg(search) OR s.search LIKE sqlc.arg(code))
        OR lower(r.number) LIKE sqlc.arg(search) OR replace(lower(r.number), '/', '') LIKE sqlc.arg(code) OR lower(r.cig) LIKE sqlc.arg(code))
    AND (CAST(sqlc.arg(warned) AS TEXT) = '' OR (sqlc.arg(warned) = 'with' AND (r.warnings <> '' OR shared_cig.cig IS NOT NULL OR r.id IN (SELECT look.request_id FROM look)))
        OR (sqlc.arg(warned) = 'without' AND r.warnings = '' AND shared_cig.cig IS NULL AND r.id NOT IN (SELECT look.request_id FROM look)))
    AND (CAST(sqlc.arg(band) AS BIGINT) = 0 OR r.band = sqlc.arg(band))
    AND (CAST(sqlc.arg(province) AS TEXT) = '' OR r.school_id IN (SELECT s.id FROM school s WHERE s.province_code = sqlc.arg(province)))
    AND (CAST(sqlc.arg(clerk) AS TEXT) = '' OR (sqlc.arg(clerk) = '-' AND r.taken_by IS NULL) OR r.taken_by = sqlc.arg(clerk))
    AND CAST(sqlc.arg(max_rows) AS BIGINT) > 0 -- named here first: parameters must be numbered in the order of their first use
ORDER BY
    CASE WHEN CAST(sqlc.arg(sort) AS TEXT) = 'school' THEN (SELECT s.sort_key FROM school s WHERE s.id = r.school_id) ELSE '' END,
    CASE WHEN sqlc.arg(sort) = 'school_desc' THEN (SELECT s.sort_key FROM school s WHERE s.id = r.school_id) ELSE '' END DESC,
    CASE sqlc.arg(sort) WHEN 'amount' THEN r.taxable_cents WHEN 'amount_desc' THEN -r.taxable_cents ELSE 0 END,
    CASE WHEN r.offered_cents = 0 THEN 0 WHEN sqlc.arg(sort) = 'delta' THEN r.taxable_cents - r.offered_cents
        WHEN sqlc.arg(sort) = 'delta_desc' THEN r.offered_cents - r.taxable_cents ELSE 0 END,
    CASE WHEN sqlc.arg(sort) = 'oldest' THEN r.confirmed_at END ASC,
    r.confirmed_at DESC, r.id
LIMIT sqlc.arg(max_rows) OFFSET sqlc.arg(skip_rows);

-- name: WorkListSums :one
WITH look AS (SELECT k.request_id FROM request_to_look k WHERE k.campaign_id = sqlc.arg(campaign_id))
SELECT count(*) AS requests, CAST(coalesce(sum(r.taxable_cents), 0) AS BIGINT) AS taxable,
    CAST(coalesce(sum(r.offered_cents), 0) AS BIGINT) AS offered,
    CAST(coalesce(sum(CASE WHEN r.warnings <> '' OR shared_cig.cig IS NOT NULL OR r.id IN (SELECT look.request_id FROM look) THEN 1 ELSE 0 END), 0) AS BIGINT) AS warned
FROM request r LEFT JOIN (
    SELECT x.cig FROM request x WHERE x.campaign_id = sqlc.arg(campaign_id) AND x.cig <> '' AND x.state NOT IN ('declined', 'expired', 'withdrawn')
    GROUP BY x.cig HAVING min(x.school_id) <> max(x.school_id)
) shared_cig ON shared_cig.cig = r.cig AND r.state NOT IN ('declined', 'expired', 'withdrawn')
WHERE r.campaign_id = sqlc.arg(campaign_id)
    AND (CAST(sqlc.arg(state) AS TEXT) = '' OR r.state = sqlc.arg(state))
    AND (CAST(sqlc.arg(queue) AS TEXT) = ''
        OR (sqlc.arg(queue) = 'waiting' AND r.state IN ('submitted', 'in_review'))
        OR (sqlc.arg(queue) = 'changed' AND r.state IN ('submitted', 'in_review') AND r.taken_revision > 0 AND r.revision > r.taken_revision)
        OR (sqlc.arg(queue) = 'ready' AND (r.state = 'in_review' OR (r.state = 'submitted' AND r.warnings = '' AND shared_cig.cig IS NULL AND r.id NOT IN (SELECT look.request_id FROM look) AND r.taken_revision = 0)))
        OR (sqlc.arg(queue) = 'unanswered' AND r.state IN ('offered', 'draft')))
    AND (CAST(sqlc.arg(search) AS TEXT) = '' OR r.school_id IN (SELECT s.id FROM school s WHERE s.search LIKE sqlc.arg(search) OR s.search LIKE sqlc.arg(code))
        OR lower(r.number) LIKE sqlc.arg(search) OR replace(lower(r.number), '/', '') LIKE sqlc.arg(code) OR lower(r.cig) LIKE sqlc.arg(code))
    AND (CAST(sqlc.arg(warned) AS TEXT) = '' OR (sqlc.arg(warned) = 'with' AND (r.warnings <> '' OR shared_cig.cig IS NOT NULL OR r.id IN (SELECT look.request_id FROM look)))
        OR (sqlc.arg(warned) = 'without' AND r.warnings = '' AND shared_cig.cig IS NULL AND r.id NOT IN (SELECT look.request_id FROM look)))
    AND (CAST(sqlc.arg(band) AS BIGINT) = 0 OR r.band = sqlc.arg(band))
    AND (CAST(sqlc.arg(province) AS TEXT) = '' OR r.school_id IN (SELECT s.id FROM school s WHERE s.province_code = sqlc.arg(province)))
    AND (CAST(sqlc.arg(clerk) AS TEXT) = '' OR (sqlc.arg(clerk) = '-' AND r.taken_by IS NULL) OR r.taken_by = sqlc.arg(clerk));

-- name: WorkListRow :one
SELECT r.id, r.number, r.state, r.revision, r.confirmed_at, r.band, r.offered_cents, r.taxable_cents, r.cig, r.warnings, r.taken_name,
    r.taken_by, r.taken_revision, r.pending, r.draft_at, r.notice, s.short_name, s.town, s.province_code, s.portal_code, s.ministry_code,
    CAST(CASE WHEN r.cig <> '' AND r.state NOT IN ('declined', 'expired', 'withdrawn') AND EXISTS (
        SELECT 1 FROM request x WHERE x.cig = r.cig AND x.campaign_id = r.campaign_id AND x.school_id <> r.school_id
            AND x.state NOT IN ('declined', 'expired', 'withdrawn')) THEN 1 ELSE 0 END AS BIGINT) AS shares_cig,
    CAST(CASE WHEN v.body LIKE '%"Code":"cig.other_school"%' THEN 1 ELSE 0 END AS BIGINT) AS saw_shared_cig
FROM request r JOIN school s ON s.id = r.school_id LEFT JOIN revision v ON v.request_id = r.id AND v.number = r.revision WHERE r.id = $1;

-- By itself: beside a LEFT JOIN SQLite would work the whole view out for each request.
-- name: RequestLook :one
SELECT CAST(corrected AS BIGINT) AS corrected, CAST(closed AS BIGINT) AS closed, CAST(incomplete AS BIGINT) AS incomplete,
    CAST(changed AS BIGINT) AS changed, CAST(grown AS BIGINT) AS grown, CAST(held AS BIGINT) AS held,
    CAST(own_cig AS BIGINT) AS own_cig, CAST(again AS BIGINT) AS again, CAST(editing AS BIGINT) AS editing
FROM request_look WHERE request_id = $1;

-- name: Provinces :many
SELECT DISTINCT province_code FROM school WHERE province_code <> '' ORDER BY province_code;

-- name: Clerks :many
SELECT taken_by, CAST(max(taken_name) AS TEXT) AS taken_name FROM request WHERE campaign_id = $1 AND taken_by IS NOT NULL
GROUP BY taken_by ORDER BY max(taken_name), taken_by;

-- Of campaigns that have closed what no confirmation counts for: nobody confirmed it, or it was returned. Some at a time.
-- name: ExpireRequests :many
UPDATE request SET state = 'expired', version = version + 1, updated_at = sqlc.arg(at)
WHERE id IN (SELECT r.id FROM request r JOIN campaign c ON c.id = r.campaign_id
        WHERE c.closes_on < sqlc.arg(today) AND r.state IN ('offered', 'draft', 'returned') ORDER BY r.id LIMIT sqlc.arg(max_rows))
    AND state IN ('offered', 'draft', 'returned')
RETURNING id, school_id;
