-- name: AddAccount :exec
INSERT INTO account (id, username, name, role, school_id, password_hash, password_changed_at, created_at, email)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: AccountByUsername :one
SELECT * FROM account WHERE username = $1;

-- name: Account :one
SELECT * FROM account WHERE id = $1;

-- name: BeginReset :execrows
UPDATE account SET reset_request = $1 WHERE id = $2 AND (reset_request IS NULL OR reset_request < $1 OR reset_request > $3);

-- name: AccountByRequest :one
SELECT * FROM account WHERE reset_request = $1;

-- name: SaveLink :execrows
UPDATE account SET reset_hash = $1, reset_address = $2, reset_until = $3 WHERE reset_request = $4;

-- name: AccountByLink :one
SELECT * FROM account WHERE reset_hash = $1 AND reset_until > $2 AND reset_until <= $3;

-- name: SpendLink :one
UPDATE account SET password_hash = $1, password_changed_at = $2, reset_request = $3, reset_hash = NULL, reset_address = NULL, reset_until = NULL
WHERE reset_hash = $4 AND reset_until > $2 AND reset_address = $5
RETURNING *;

-- name: VoidLinks :exec
UPDATE account SET reset_request = $1, reset_hash = NULL, reset_address = NULL, reset_until = NULL WHERE school_id = $2;

-- name: CountAttempt :one
INSERT INTO attempt (subject, tries, since, wait_until, usual, keep_until) VALUES ($1, 1, $2, $2, false, $3)
ON CONFLICT (subject) DO UPDATE SET
    tries = CASE WHEN attempt.since <= $4 OR attempt.since > $5 THEN 1 ELSE attempt.tries + 1 END,
    since = CASE WHEN attempt.since <= $4 OR attempt.since > $5 THEN excluded.since ELSE attempt.since END,
    wait_until = CASE WHEN attempt.since > $5 THEN excluded.wait_until ELSE attempt.wait_until END,
    keep_until = CASE WHEN attempt.keep_until < excluded.keep_until THEN excluded.keep_until ELSE attempt.keep_until END
RETURNING tries, since, wait_until, usual;

-- name: Counts :many
SELECT subject, tries, since, wait_until, usual FROM attempt WHERE subject IN ($1, $2, $3, $4, $5);

-- name: SetWait :exec
INSERT INTO attempt (subject, tries, since, wait_until, usual, keep_until) VALUES ($1, 0, $2, $3, false, $4)
ON CONFLICT (subject) DO UPDATE SET wait_until = excluded.wait_until;

-- name: TakeBackAttempts :exec
UPDATE attempt SET tries = CASE WHEN tries > $1 THEN tries - $1 ELSE 0 END WHERE subject = $2;

-- name: ClearAttempts :exec
INSERT INTO attempt (subject, tries, since, wait_until, usual, keep_until) VALUES ($1, 0, $2, $2, false, $3)
ON CONFLICT (subject) DO UPDATE SET tries = 0, since = excluded.since, wait_until = excluded.wait_until, keep_until = excluded.keep_until;

-- name: MarkUsual :exec
INSERT INTO attempt (subject, tries, since, wait_until, usual, keep_until) VALUES ($1, 0, $2, $2, true, $3)
ON CONFLICT (subject) DO UPDATE SET usual = true, keep_until = excluded.keep_until;

-- name: DeleteOldAttempts :exec
DELETE FROM attempt WHERE keep_until <= $1 OR since > $2 OR wait_until > $2;

-- name: KnownDevice :one
SELECT count(*) FROM device WHERE subject = $1;

-- name: KeepDevice :exec
INSERT INTO device (subject, account_id, used_at) VALUES ($1, $2, $3)
ON CONFLICT (subject) DO UPDATE SET used_at = excluded.used_at;

-- name: DropDevices :exec
DELETE FROM device WHERE device.account_id = $1 AND device.subject NOT IN (SELECT d.subject FROM device d WHERE d.account_id = $1 ORDER BY d.used_at DESC, d.subject LIMIT $2);

-- name: ForgetDevices :exec
DELETE FROM device WHERE account_id = $1;

-- name: DeleteOldDevices :exec
DELETE FROM device WHERE used_at <= $1 OR used_at > $2;

-- name: BeginAlarm :execrows
UPDATE account SET besieged_at = $1 WHERE id = $2 AND (besieged_at IS NULL OR besieged_at <= $3 OR besieged_at > $4);

-- name: Besieged :many
SELECT username FROM account WHERE besieged_at > $1 AND besieged_at <= $2 ORDER BY besieged_at DESC, username LIMIT 100;

-- name: KeepSetting :exec
INSERT INTO setting (name, value, updated_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING;

-- name: Setting :one
SELECT value FROM setting WHERE name = $1;

-- name: Session :one
SELECT data, seen_at FROM session WHERE token = $1 AND expires_at > $2 AND expires_at <= $3 AND (seen_at IS NULL OR seen_at > $4 AND seen_at <= $5);

-- name: BeginSession :exec
INSERT INTO session (token, data, expires_at, seen_at) VALUES ($1, $2, $3, $4);

-- name: ChangeSession :execrows
UPDATE session SET data = $1 WHERE token = $2;

-- name: SeeSession :exec
UPDATE session SET seen_at = $1 WHERE token = $2;

-- name: DeleteSession :exec
DELETE FROM session WHERE token = $1;

-- name: DeleteExpiredSessions :exec
DELETE FROM session WHERE expires_at <= $1 OR expires_at > $2;
