-- name: AddMessage :exec
INSERT INTO message (id, kind, school_id, about_id, recipient, subject, body, state, attempts, uncertain, last_error, created_at, sent_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'queued', 0, 0, '', $8, NULL);

-- name: Message :one
SELECT * FROM message WHERE id = $1;

-- name: MessagesAbout :many
SELECT id, kind, recipient, subject, state, attempts, last_error, created_at, sent_at FROM message WHERE about_id = $1 ORDER BY created_at, id;

-- name: AddAttempt :exec
INSERT INTO message_attempt (message_id, number, at, outcome, detail) VALUES ($1, $2, $3, $4, $5);

-- name: SettleMessage :execrows
UPDATE message SET state = $1, attempts = attempts + 1, uncertain = uncertain + $2, last_error = $3, sent_at = $4
WHERE id = $5 AND state = 'queued' AND attempts = $6;

-- name: CountMessages :many
SELECT state, count(*) AS messages FROM message GROUP BY state ORDER BY state;

-- name: MessagesOfSchool :many
SELECT id, kind, about_id, recipient, subject, state, attempts, last_error, created_at, sent_at FROM message WHERE school_id = $1
ORDER BY created_at DESC, id DESC LIMIT $2;

-- name: WaitMessage :exec
UPDATE message SET last_error = $1 WHERE id = $2 AND state = 'queued';

-- name: RequeueMessage :execrows
UPDATE message SET state = 'queued', recipient = $1, attempts_before = attempts, uncertain = 0 WHERE id = $2 AND state = 'failed';
