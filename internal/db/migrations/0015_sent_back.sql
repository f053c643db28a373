-- The last confirmation of a request that the office has sent back: the school must correct it, or say that it is meant so.

-- +goose Up
ALTER TABLE request ADD COLUMN sent_back BIGINT NOT NULL DEFAULT 0; -- number of the confirmation; 0 is none
UPDATE request SET sent_back = revision WHERE state = 'returned';
