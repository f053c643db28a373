-- Who else has the same CIG is asked for each row of the work list: within a campaign, without a look at all its requests.

-- +goose Up
DROP INDEX request_cig;
CREATE INDEX request_cig ON request (cig, campaign_id, school_id, state);
