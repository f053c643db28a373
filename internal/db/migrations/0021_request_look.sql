-- What there is to look at in a request that waits for the office, beside the doubts that its confirmation carries and a CIG that another
-- school has too: the work list filters and counts by it, and the page of a request reads it from here, so that they never disagree.

-- +goose Up
ALTER TABLE request ADD COLUMN party TEXT NOT NULL DEFAULT '';  -- the school's data of a contract, as they were confirmed; '' is not known
ALTER TABLE request ADD COLUMN roof BIGINT NOT NULL DEFAULT 0;  -- with more pupils than these the confirmed band is too low; 0 is never

CREATE TABLE request_sale ( -- what the confirmation that counts sells
    request_id  TEXT NOT NULL REFERENCES request (id),
    product_id  TEXT NOT NULL REFERENCES product (id),
    period_from TEXT NOT NULL,
    period_to   TEXT NOT NULL,
    PRIMARY KEY (request_id, product_id, period_from)
);

CREATE VIEW request_look AS
SELECT r.id AS request_id, r.campaign_id,
    CASE WHEN EXISTS (SELECT 1 FROM correction c WHERE c.school_id = r.school_id AND c.waiting > 0) THEN 1 ELSE 0 END AS corrected,
    CASE WHEN s.closed_on <> '' THEN 1 ELSE 0 END AS closed,
    CASE WHEN s.tax_code = '' OR s.email = '' OR s.office_code = '' THEN 1 ELSE 0 END AS incomplete,
    CASE WHEN r.party <> '' AND r.party <> s.display_name || '|' || s.address || '|' || s.postcode || '|' || s.town || '|' || s.province_code || '|'
        || s.ministry_code || '|' || s.tax_code || '|' || s.vat_number || '|' || s.office_code || '|' || s.email || '|' || s.pec THEN 1 ELSE 0 END AS changed,
    CASE WHEN r.roof > 0 AND s.pupils > r.roof THEN 1 ELSE 0 END AS grown,
    CASE WHEN EXISTS (SELECT 1 FROM request_sale x JOIN subscription b ON b.school_id = r.school_id AND b.product_id = x.product_id
        AND b.period_from <= x.period_to AND b.period_to >= x.period_from WHERE x.request_id = r.id) THEN 1 ELSE 0 END AS held,
    CASE WHEN r.cig <> '' AND EXISTS (SELECT 1 FROM request x WHERE x.cig = r.cig AND x.school_id = r.school_id AND x.id <> r.id
        AND x.state NOT IN ('declined', 'expired', 'withdrawn') AND x.warnings LIKE '%cig.last_year%') THEN 1 ELSE 0 END AS own_cig,
    CASE WHEN r.taken_revision > 0 AND r.revision > r.taken_revision THEN 1 ELSE 0 END AS again,
    CASE WHEN r.pending THEN 1 ELSE 0 END AS editing
FROM request r JOIN school s ON s.id = r.school_id
WHERE r.state IN ('submitted', 'in_review');

-- The requests for which there is anything of it.
CREATE VIEW request_to_look AS
SELECT k.request_id, k.campaign_id FROM request_look k
WHERE k.corrected + k.closed + k.incomplete + k.changed + k.grown + k.held + k.own_cig + k.again + k.editing > 0;
