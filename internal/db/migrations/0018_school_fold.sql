-- Schools are found and sorted by folded text: without accents, quotes and apostrophes, capitals. The rows of before are folded at
-- the first start (schooldb: Refold), because SQL does not know how.

-- +goose Up
ALTER TABLE school ADD COLUMN sort_key TEXT NOT NULL DEFAULT ''; -- of the short name
ALTER TABLE school ADD COLUMN folded BIGINT NOT NULL DEFAULT 0;  -- which rules made search and sort_key; those of before are 0
DROP INDEX school_name;
CREATE INDEX school_sort ON school (sort_key, id);
CREATE INDEX school_folded ON school (folded);
