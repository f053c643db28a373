-- A price index changes its base every ten years: a coefficient links the months of two bases.

-- +goose Up
CREATE TABLE price_index_link (
    series     TEXT NOT NULL,
    new_base   TEXT NOT NULL,   -- 2025=100
    old_base   TEXT NOT NULL,   -- 2015=100
    micro      BIGINT NOT NULL, -- the coefficient in millionths: an index in the new base times it is the index in the old one
    source     TEXT NOT NULL,   -- in words
    written_at TIMESTAMP NOT NULL,
    PRIMARY KEY (series, new_base, old_base)
);
