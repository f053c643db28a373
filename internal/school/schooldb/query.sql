-- name: SchoolCount :one
SELECT count(*) FROM school;
