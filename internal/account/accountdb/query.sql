-- name: AddAccount :exec
INSERT INTO account (id, username, name, role, school_id, password_hash, password_changed_at, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: AccountByUsername :one
SELECT * FROM account WHERE username = $1;

-- name: Account :one
SELECT * FROM account WHERE id = $1;

-- name: Session :one
SELECT data FROM session WHERE token = $1 AND expires_at > $2;

-- name: SaveSession :exec
INSERT INTO session (token, data, expires_at) VALUES ($1, $2, $3)
ON CONFLICT (token) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at;

-- name: DeleteSession :exec
DELETE FROM session WHERE token = $1;

-- name: DeleteExpiredSessions :exec
DELETE FROM session WHERE expires_at <= $1;
