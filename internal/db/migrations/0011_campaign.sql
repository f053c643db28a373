-- Several campaigns of a kind in a year; how proposals stand against last year.

-- +goose Up
ALTER TABLE campaign ADD COLUMN round BIGINT NOT NULL DEFAULT 1; -- of its kind and year: requests of the second carry it in their numbers
UPDATE campaign SET round = (SELECT count(*) FROM campaign c WHERE c.kind = campaign.kind AND c.year = campaign.year
    AND (c.created_at < campaign.created_at OR (c.created_at = campaign.created_at AND c.id <= campaign.id)));
CREATE UNIQUE INDEX campaign_round ON campaign (kind, year, round);

ALTER TABLE campaign_item ADD COLUMN like_cents BIGINT NOT NULL DEFAULT 0; -- this year, of what before_cents was last year
CREATE INDEX campaign_item_run ON campaign_item (run_id);
