-- Where the numbers of a price index come from.

-- +goose Up
ALTER TABLE price_index ADD COLUMN source TEXT NOT NULL DEFAULT '';
