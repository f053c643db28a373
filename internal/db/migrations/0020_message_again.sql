-- +goose Up
ALTER TABLE message ADD COLUMN attempts_before BIGINT NOT NULL DEFAULT 0; -- attempts made before somebody sent it again
