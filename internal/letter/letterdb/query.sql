-- name: Standing :one
SELECT * FROM letter_standing WHERE school_id = $1;

-- name: BeginStanding :execrows
INSERT INTO letter_standing (school_id, state, letters, copies, letter_id, signed_id, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (school_id) DO NOTHING;

-- name: MoveStanding :execrows
UPDATE letter_standing SET state = sqlc.arg(state), letters = sqlc.arg(letters), copies = sqlc.arg(copies), letter_id = sqlc.arg(letter_id),
    signed_id = sqlc.arg(signed_id), updated_at = sqlc.arg(updated_at)
WHERE school_id = sqlc.arg(school_id) AND state = sqlc.arg(old_state) AND letter_id = sqlc.arg(old_letter) AND signed_id = sqlc.arg(old_signed);

-- name: AddLetter :exec
INSERT INTO letter (id, school_id, number, terms_id, document, file_key, file_sha256, file_size, prepared_by, prepared_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: Letters :many
SELECT * FROM letter WHERE school_id = $1 ORDER BY number DESC;

-- name: SchoolsWithLetters :many
SELECT DISTINCT school_id FROM letter WHERE school_id > $1 ORDER BY school_id LIMIT $2;

-- name: AddSigned :exec
INSERT INTO letter_signed (id, school_id, number, letter_id, name, format, facts, file_key, file_sha256, file_size, uploaded_by, uploaded_at,
    outcome, reason, decided_by, decided_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, '', '', '', NULL);

-- name: Decide :execrows
UPDATE letter_signed SET outcome = $1, reason = $2, decided_by = $3, decided_at = $4 WHERE id = $5;

-- name: Copies :many
SELECT * FROM letter_signed WHERE school_id = $1 ORDER BY number DESC;

-- name: Held :one
SELECT * FROM letter_held WHERE school_id = $1;

-- name: Hold :execrows
INSERT INTO letter_held (school_id, id, name, format, facts, file_key, file_sha256, file_size, uploaded_by, uploaded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (school_id) DO NOTHING;

-- name: Release :execrows
DELETE FROM letter_held WHERE school_id = $1 AND id = $2;

-- name: AddAcceptance :execrows
UPDATE letter_signed SET acceptance = $1, acceptance_key = $2, acceptance_sha256 = $3, acceptance_size = $4, acceptance_at = $5
WHERE id = $6 AND outcome = 'accepted' AND acceptance = '';

-- name: Unaccepted :many
SELECT school_id, id FROM letter_signed WHERE outcome = 'accepted' AND acceptance = '' AND decided_at < $1 ORDER BY decided_at LIMIT $2;

-- name: LetterList :many
SELECT s.id, s.short_name, s.town, s.province_code, s.portal_code, s.ministry_code, s.email,
    CAST(coalesce(w.state, '') AS TEXT) AS state, w.updated_at, CAST(coalesce(c.facts, '') AS TEXT) AS facts
FROM school s LEFT JOIN letter_standing w ON w.school_id = s.id LEFT JOIN letter_signed c ON c.id = w.signed_id
WHERE (CAST(sqlc.arg(every_state) AS BIGINT) = 1 OR coalesce(w.state, '') = CAST(sqlc.arg(state) AS TEXT))
  AND (CAST(sqlc.arg(search) AS TEXT) = '' OR s.search LIKE sqlc.arg(search) OR s.search LIKE sqlc.arg(code))
  AND CAST(sqlc.arg(max_rows) AS BIGINT) > 0 -- named here first: parameters must be numbered in the order of their first use
ORDER BY s.sort_key, s.id LIMIT sqlc.arg(max_rows) OFFSET sqlc.arg(skip_rows);

-- name: LetterCount :one
SELECT count(*) FROM school s LEFT JOIN letter_standing w ON w.school_id = s.id
WHERE (CAST(sqlc.arg(every_state) AS BIGINT) = 1 OR coalesce(w.state, '') = CAST(sqlc.arg(state) AS TEXT))
  AND (CAST(sqlc.arg(search) AS TEXT) = '' OR s.search LIKE sqlc.arg(search) OR s.search LIKE sqlc.arg(code));

-- name: LetterCounts :many
SELECT CAST(coalesce(w.state, '') AS TEXT) AS state, count(*) AS schools
FROM school s LEFT JOIN letter_standing w ON w.school_id = s.id GROUP BY coalesce(w.state, '') ORDER BY 1;

-- name: LetterStandingCount :one
SELECT count(*) FROM letter_standing WHERE state = CAST(sqlc.arg(state) AS TEXT);

-- name: NewestLetters :many
SELECT file_key FROM letter ORDER BY id DESC LIMIT $1;

-- name: NewestSigned :many
SELECT file_key FROM letter_signed ORDER BY id DESC LIMIT $1;
