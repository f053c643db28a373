-- Who has set the amounts of a price list does not approve it, and what its products are when it is approved holds for its prices.

-- +goose Up
ALTER TABLE price_list ADD COLUMN authors TEXT NOT NULL DEFAULT '[]'; -- JSON: accounts that have set amounts, bands or caps since it was made
ALTER TABLE price_list ADD COLUMN terms TEXT NOT NULL DEFAULT '{}';   -- JSON by product: VAT, cap and licence as they were approved
UPDATE price_list SET authors = '["' || edited_by || '"]' WHERE edited_by <> '';
