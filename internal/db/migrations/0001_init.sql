-- One schema for SQLite and PostgreSQL. Ids are UUIDv7 in TEXT, money is BIGINT cents, days are TEXT (YYYY-MM-DD),
-- instants are TIMESTAMP in UTC, snapshots are JSON in TEXT.

-- +goose Up
CREATE TABLE setting (
    name       TEXT PRIMARY KEY,
    value      TEXT NOT NULL,
    updated_at TIMESTAMP NOT NULL
);

CREATE TABLE school (
    id              TEXT PRIMARY KEY,
    portal_code     TEXT NOT NULL UNIQUE,
    customer_number TEXT NOT NULL UNIQUE,
    ministry_code   TEXT NOT NULL UNIQUE,
    name            TEXT NOT NULL,
    type            TEXT NOT NULL,
    address         TEXT NOT NULL,
    postcode        TEXT NOT NULL,
    town            TEXT NOT NULL,
    province        TEXT NOT NULL,
    province_code   TEXT NOT NULL,
    region          TEXT NOT NULL,
    tax_code        TEXT NOT NULL,
    vat_number      TEXT NOT NULL,
    office_code     TEXT NOT NULL,
    email           TEXT NOT NULL,
    pec             TEXT NOT NULL,
    website         TEXT NOT NULL,
    pupils          BIGINT NOT NULL,
    pupils_year     TEXT NOT NULL,
    display_name    TEXT NOT NULL,
    short_name      TEXT NOT NULL,
    search          TEXT NOT NULL, -- what the office can look for, in lower case
    created_at      TIMESTAMP NOT NULL,
    updated_at      TIMESTAMP NOT NULL
);
CREATE INDEX school_province ON school (province_code, id);

CREATE TABLE account (
    id                  TEXT PRIMARY KEY,
    username            TEXT NOT NULL UNIQUE, -- upper case
    name                TEXT NOT NULL,
    role                TEXT NOT NULL,
    school_id           TEXT REFERENCES school (id),
    password_hash       TEXT NOT NULL,
    password_changed_at TIMESTAMP NOT NULL,
    created_at          TIMESTAMP NOT NULL
);
CREATE INDEX account_school ON account (school_id);

CREATE TABLE session (
    token      TEXT PRIMARY KEY, -- hashed
    data       BYTEA NOT NULL,
    expires_at TIMESTAMP NOT NULL
);
CREATE INDEX session_expires ON session (expires_at);

CREATE TABLE terms (
    id             TEXT PRIMARY KEY,
    kind           TEXT NOT NULL,
    version        TEXT NOT NULL,
    title          TEXT NOT NULL,
    body           TEXT NOT NULL,
    effective_from TEXT NOT NULL,
    UNIQUE (kind, version)
);

CREATE TABLE product (
    id       TEXT PRIMARY KEY,
    code     TEXT NOT NULL UNIQUE,
    name     TEXT NOT NULL,
    license  TEXT NOT NULL,
    in_cap   BOOLEAN NOT NULL,
    vat_bp   BIGINT NOT NULL,
    contacts BIGINT NOT NULL,
    position BIGINT NOT NULL
);

CREATE TABLE price_list (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE,
    valid_from TEXT NOT NULL,
    bands      TEXT NOT NULL, -- JSON: upper bounds
    caps       TEXT NOT NULL, -- JSON: cents or null by band
    created_at TIMESTAMP NOT NULL
);

CREATE TABLE fee (
    price_list_id TEXT NOT NULL REFERENCES price_list (id),
    product_id    TEXT NOT NULL REFERENCES product (id),
    cents         TEXT NOT NULL, -- JSON: cents by band
    PRIMARY KEY (price_list_id, product_id)
);

CREATE TABLE campaign (
    id            TEXT PRIMARY KEY,
    name          TEXT NOT NULL,
    kind          TEXT NOT NULL,
    year          BIGINT NOT NULL,
    period_from   TEXT NOT NULL,
    period_to     TEXT NOT NULL,
    price_list_id TEXT NOT NULL REFERENCES price_list (id),
    terms_id      TEXT NOT NULL REFERENCES terms (id),
    opens_on      TEXT NOT NULL,
    closes_on     TEXT NOT NULL,
    created_at    TIMESTAMP NOT NULL
);

CREATE TABLE proposal (
    id          TEXT PRIMARY KEY,
    campaign_id TEXT NOT NULL REFERENCES campaign (id),
    school_id   TEXT NOT NULL REFERENCES school (id),
    kind        TEXT NOT NULL,
    period_from TEXT NOT NULL,
    period_to   TEXT NOT NULL,
    body        TEXT NOT NULL,
    made_at     TIMESTAMP NOT NULL,
    UNIQUE (school_id, kind, period_from, period_to)
);

CREATE TABLE request (
    id              TEXT PRIMARY KEY,
    number          TEXT NOT NULL UNIQUE,
    campaign_id     TEXT NOT NULL REFERENCES campaign (id),
    school_id       TEXT NOT NULL REFERENCES school (id),
    proposal_id     TEXT NOT NULL UNIQUE REFERENCES proposal (id),
    kind            TEXT NOT NULL,
    state           TEXT NOT NULL,
    version         BIGINT NOT NULL,  -- grows with every change: a write names the version that it saw
    draft           TEXT NOT NULL,    -- JSON; what the school is working on
    draft_at        TIMESTAMP,
    pending         BOOLEAN NOT NULL, -- the draft differs from what counts
    revision        BIGINT NOT NULL,  -- the last confirmation; 0 is none
    confirmed_at    TIMESTAMP,
    band            BIGINT NOT NULL,  -- of the last confirmation, else of the draft
    offered_cents   BIGINT NOT NULL,  -- taxable amount of the proposal, for the suggested band
    taxable_cents   BIGINT NOT NULL,  -- of the last confirmation; 0 before
    cig             TEXT NOT NULL,
    warnings        TEXT NOT NULL,    -- codes, separated by spaces; '' is none
    taken_by        TEXT,
    taken_name      TEXT NOT NULL,
    taken_at        TIMESTAMP,
    taken_revision  BIGINT NOT NULL,  -- the confirmation that the clerk took in charge
    reason          TEXT NOT NULL,    -- why it was returned
    created_at      TIMESTAMP NOT NULL,
    updated_at      TIMESTAMP NOT NULL
);
-- The office's work list filters, sorts and sums in this index alone, and reads whole rows only for the page that it shows.
CREATE INDEX request_work_list ON request (campaign_id, state, confirmed_at, revision, taken_revision, warnings, band, taken_by,
    taxable_cents, offered_cents, cig, number, school_id, id);
CREATE INDEX request_clerk ON request (campaign_id, taken_by, taken_name, state);
CREATE INDEX request_school ON request (school_id);
CREATE INDEX request_cig ON request (cig);

CREATE TABLE revision (
    request_id    TEXT NOT NULL REFERENCES request (id),
    number        BIGINT NOT NULL,
    confirmed_at  TIMESTAMP NOT NULL,
    confirmed_by  TEXT NOT NULL,
    taxable_cents BIGINT NOT NULL,
    total_cents   BIGINT NOT NULL,
    body          TEXT NOT NULL,
    PRIMARY KEY (request_id, number)
);

CREATE TABLE numbering (
    series TEXT NOT NULL,
    year   BIGINT NOT NULL,
    last   BIGINT NOT NULL,
    PRIMARY KEY (series, year)
);

CREATE TABLE contract (
    id            TEXT PRIMARY KEY,
    number        TEXT NOT NULL UNIQUE,
    series        TEXT NOT NULL,
    year          BIGINT NOT NULL,
    seq           BIGINT NOT NULL,
    request_id    TEXT NOT NULL UNIQUE REFERENCES request (id),
    revision      BIGINT NOT NULL,
    school_id     TEXT NOT NULL REFERENCES school (id),
    campaign_id   TEXT NOT NULL REFERENCES campaign (id),
    kind          TEXT NOT NULL,
    dated         TEXT NOT NULL,
    period_from   TEXT NOT NULL,
    period_to     TEXT NOT NULL,
    taxable_cents BIGINT NOT NULL,
    total_cents   BIGINT NOT NULL,
    cig           TEXT NOT NULL,
    verify_code   TEXT NOT NULL UNIQUE,
    state         TEXT NOT NULL,
    document      TEXT NOT NULL,
    file_key      TEXT NOT NULL,
    file_sha256   TEXT NOT NULL,
    file_size     BIGINT NOT NULL,
    numbered_at   TIMESTAMP NOT NULL,
    signed_at     TIMESTAMP,
    sent_at       TIMESTAMP,
    UNIQUE (series, year, seq)
);
CREATE INDEX contract_school ON contract (school_id, numbered_at);
CREATE INDEX contract_state ON contract (state, numbered_at);

CREATE TABLE bulk_run (
    id           TEXT PRIMARY KEY,
    number       BIGINT NOT NULL UNIQUE,
    campaign_id  TEXT NOT NULL REFERENCES campaign (id),
    started_by   TEXT NOT NULL,
    started_name TEXT NOT NULL,
    started_at   TIMESTAMP NOT NULL,
    finished_at  TIMESTAMP,
    total        BIGINT NOT NULL
);

CREATE TABLE bulk_item (
    run_id     TEXT NOT NULL REFERENCES bulk_run (id),
    position   BIGINT NOT NULL,
    request_id TEXT NOT NULL REFERENCES request (id),
    revision   BIGINT NOT NULL,
    outcome    TEXT NOT NULL, -- queued, processed, stopped, skipped
    detail     TEXT NOT NULL,
    PRIMARY KEY (run_id, position)
);
CREATE INDEX bulk_item_request ON bulk_item (request_id);

CREATE TABLE message (
    id         TEXT PRIMARY KEY,
    kind       TEXT NOT NULL,
    school_id  TEXT REFERENCES school (id),
    about_id   TEXT NOT NULL, -- the request or contract that it speaks of
    recipient  TEXT NOT NULL,
    subject    TEXT NOT NULL,
    body       TEXT NOT NULL, -- JSON: texts, and the keys of attached files
    state      TEXT NOT NULL, -- queued, sent, failed
    attempts   BIGINT NOT NULL,
    uncertain  BIGINT NOT NULL, -- attempts after which the mail may have arrived
    last_error TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    sent_at    TIMESTAMP
);
CREATE INDEX message_about ON message (about_id);
CREATE INDEX message_state ON message (state, created_at);

CREATE TABLE message_attempt (
    message_id TEXT NOT NULL REFERENCES message (id),
    number     BIGINT NOT NULL,
    at         TIMESTAMP NOT NULL,
    outcome    TEXT NOT NULL, -- sent, retry, failed
    detail     TEXT NOT NULL,
    PRIMARY KEY (message_id, number)
);

CREATE TABLE job (
    id         TEXT PRIMARY KEY,
    kind       TEXT NOT NULL,
    args       TEXT NOT NULL,
    unique_key TEXT UNIQUE,
    state      TEXT NOT NULL, -- available, discarded
    run_at     BIGINT NOT NULL, -- Unix milliseconds
    leased_to  BIGINT NOT NULL,
    attempt    BIGINT NOT NULL,
    last_error TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX job_ready ON job (state, run_at);

CREATE TABLE event (
    id         TEXT PRIMARY KEY,
    at         TIMESTAMP NOT NULL,
    kind       TEXT NOT NULL,
    actor_id   TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    actor_role TEXT NOT NULL,
    school_id  TEXT NOT NULL,
    about_id   TEXT NOT NULL,
    data       TEXT NOT NULL -- JSON
);
CREATE INDEX event_about ON event (about_id, id);
CREATE INDEX event_school ON event (school_id, id);
