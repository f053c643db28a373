-- The school's home lists the last messages to it.

-- +goose Up
CREATE INDEX message_school ON message (school_id, created_at);
