-- What a vendor prepares a season from: price lists that are drafted, approved by a second person and then closed to change;
-- what schools have; campaigns that are rehearsed and published in stages.

-- +goose Up
ALTER TABLE product ADD COLUMN retired BOOLEAN NOT NULL DEFAULT FALSE; -- no longer sold; what was sold stays
ALTER TABLE product ADD COLUMN offer TEXT NOT NULL DEFAULT '';         -- to which schools it is offered that do not have it; '' is none
ALTER TABLE product ADD COLUMN version BIGINT NOT NULL DEFAULT 1;

ALTER TABLE price_list ADD COLUMN state TEXT NOT NULL DEFAULT 'approved'; -- draft, approved
ALTER TABLE price_list ADD COLUMN origin TEXT NOT NULL DEFAULT '{}';      -- JSON: the list that it was copied from, and the raise
ALTER TABLE price_list ADD COLUMN edited_by TEXT NOT NULL DEFAULT '';     -- account that wrote it last
ALTER TABLE price_list ADD COLUMN edited_name TEXT NOT NULL DEFAULT '';
ALTER TABLE price_list ADD COLUMN edited_at TIMESTAMP;
ALTER TABLE price_list ADD COLUMN approved_by TEXT NOT NULL DEFAULT '';   -- another account
ALTER TABLE price_list ADD COLUMN approved_name TEXT NOT NULL DEFAULT '';
ALTER TABLE price_list ADD COLUMN approved_at TIMESTAMP;
ALTER TABLE price_list ADD COLUMN version BIGINT NOT NULL DEFAULT 1;      -- grows with every change of the draft

CREATE TABLE price_index ( -- of prices, by month: ISTAT FOI without tobacco
    series     TEXT NOT NULL,
    month      TEXT NOT NULL,   -- YYYY-MM
    milli      BIGINT NOT NULL, -- thousandths: 121.4 is 121400
    base       TEXT NOT NULL,   -- 2015=100
    written_at TIMESTAMP NOT NULL,
    PRIMARY KEY (series, month)
);

CREATE TABLE subscription ( -- a product that a school has, for a period
    id          TEXT PRIMARY KEY,
    school_id   TEXT NOT NULL REFERENCES school (id),
    product_id  TEXT NOT NULL REFERENCES product (id),
    license     TEXT NOT NULL,   -- TD, TI
    period_from TEXT NOT NULL,
    period_to   TEXT NOT NULL,
    band        BIGINT NOT NULL, -- in which it was sold; 0 is not known
    fee_cents   BIGINT,          -- the yearly fee that was paid; NULL is not known
    used        BIGINT,          -- support contacts used; NULL is not known
    contract    TEXT NOT NULL,   -- number of the contract that sold it; '' is none of ours
    moved_from  TEXT NOT NULL,   -- id of the school that had it before a merger; '' is none
    ended       TEXT NOT NULL,   -- why it is not to be renewed; '' is to be renewed
    created_at  TIMESTAMP NOT NULL,
    updated_at  TIMESTAMP NOT NULL,
    UNIQUE (school_id, product_id, period_from)
);
CREATE INDEX subscription_product ON subscription (product_id, period_to);

ALTER TABLE campaign ADD COLUMN setup TEXT NOT NULL DEFAULT '{}'; -- JSON: who takes part, payment terms, reminders, notice…
ALTER TABLE campaign ADD COLUMN version BIGINT NOT NULL DEFAULT 1;

CREATE TABLE campaign_item ( -- a school in a campaign: what it would be offered, and what has become of it
    campaign_id   TEXT NOT NULL REFERENCES campaign (id),
    school_id     TEXT NOT NULL REFERENCES school (id),
    run_id        TEXT NOT NULL,    -- that wrote it last
    state         TEXT NOT NULL,    -- rehearsed, failed, published, withdrawn
    body          TEXT NOT NULL,    -- JSON: the proposal; '' where it could not be made
    lines         BIGINT NOT NULL,
    taxable_cents BIGINT NOT NULL,  -- of the proposal, for the suggested band
    before_cents  BIGINT NOT NULL,  -- of the same products last year
    oddities      TEXT NOT NULL,    -- codes between spaces, one more space at each end; '' is none
    detail        TEXT NOT NULL,    -- why it could not be made
    request_id    TEXT NOT NULL,    -- once published; '' is none
    made_at       TIMESTAMP NOT NULL,
    PRIMARY KEY (campaign_id, school_id)
);
CREATE INDEX campaign_item_state ON campaign_item (campaign_id, state, school_id);

CREATE TABLE campaign_run ( -- a rehearsal, a publication, a withdrawal
    id           TEXT PRIMARY KEY,
    campaign_id  TEXT NOT NULL REFERENCES campaign (id),
    kind         TEXT NOT NULL,   -- rehearsal, publication, withdrawal
    state        TEXT NOT NULL,   -- running, stopping, stopped, finished
    choice       TEXT NOT NULL,   -- JSON: which schools
    total        BIGINT NOT NULL,
    done         BIGINT NOT NULL,
    skipped      BIGINT NOT NULL,
    failed       BIGINT NOT NULL,
    cursor       TEXT NOT NULL,   -- id of the last school that is done
    started_by   TEXT NOT NULL,
    started_name TEXT NOT NULL,
    started_at   TIMESTAMP NOT NULL,
    finished_at  TIMESTAMP
);
CREATE INDEX campaign_run_campaign ON campaign_run (campaign_id, id);
