-- name: AddRound :execrows
INSERT INTO reminder_round (campaign_id, rule, day, planned, planned_at) VALUES ($1, $2, $3, 0, $4)
ON CONFLICT (campaign_id, rule, day) DO NOTHING;

-- name: CountPlanned :exec
UPDATE reminder_round SET planned = $1 WHERE campaign_id = $2 AND rule = $3 AND day = $4;

-- name: Rounds :many
SELECT * FROM reminder_round WHERE campaign_id = $1 AND planned > 0 ORDER BY planned_at DESC, rule LIMIT 100;

-- The states are three at most: where fewer are looked for, one stands there more than once.
-- name: Plan :execrows
INSERT INTO reminder (request_id, rule, campaign_id, school_id, state, reason, address, planned_at)
SELECT r.id, $1, r.campaign_id, r.school_id, 'planned', '', '', $2 FROM request r
WHERE r.campaign_id = $3 AND r.state IN ($4, $5, $6) AND (r.draft_at IS NULL OR r.draft_at <= $7)
ON CONFLICT (request_id, rule) DO NOTHING;

-- name: Next :many
SELECT * FROM reminder WHERE campaign_id = $1 AND state = 'planned' ORDER BY request_id, rule LIMIT $2;

-- name: SentSince :one
SELECT count(*) FROM reminder WHERE settled_at > $1 AND campaign_id = $2 AND state = 'sent';

-- name: Settle :execrows
UPDATE reminder SET state = $1, reason = $2, address = $3, token = $4, settled_at = $5 WHERE request_id = $6 AND rule = $7 AND state = 'planned';

-- name: ByToken :one
SELECT * FROM reminder WHERE token = $1;

-- name: OfSchool :many
SELECT * FROM reminder WHERE school_id = $1 ORDER BY planned_at DESC, rule LIMIT $2;

-- name: Counts :many
SELECT rule, state, count(*) AS reminders FROM reminder WHERE campaign_id = $1 GROUP BY rule, state;

-- name: CountWaiting :one
SELECT count(*) FROM request WHERE campaign_id = $1 AND state IN ('offered', 'draft', 'returned');

-- name: Stop :execrows
INSERT INTO reminder_stop (school_id, address, stopped_at) VALUES ($1, $2, $3) ON CONFLICT (school_id, address) DO NOTHING;

-- name: Resume :execrows
DELETE FROM reminder_stop WHERE school_id = $1 AND address = $2;

-- name: StoppedSince :one
SELECT stopped_at FROM reminder_stop WHERE school_id = $1 AND address = $2;
