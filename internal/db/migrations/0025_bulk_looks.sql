-- What the clerk was shown of a request that is processed with many: what has come up since is not processed over.

-- +goose Up
ALTER TABLE bulk_item ADD COLUMN looks TEXT NOT NULL DEFAULT ''; -- codes with commas between; of items that are older: none was shown
