-- At each start requests are looked for that an earlier version took and that nothing can be compared with yet: there are none after the first,
-- and a season of requests is not gone through for it.

-- +goose Up
CREATE INDEX request_without_party ON request (id) WHERE party = '' AND state IN ('submitted', 'in_review');
