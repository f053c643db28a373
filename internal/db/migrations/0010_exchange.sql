-- Files that were sent to be imported, with what each would change; the files themselves are in the folder of files, under
-- their hash.

-- +goose Up
CREATE TABLE exchange_import (
    id          TEXT PRIMARY KEY,
    what        TEXT NOT NULL,      -- scuole, prodotti-delle-scuole, listini, codici, anagrafe
    file_name   TEXT NOT NULL,
    sha256      TEXT NOT NULL,
    size        BIGINT NOT NULL,
    state       TEXT NOT NULL,      -- reading, ready, applying, applied, failed
    detail      TEXT NOT NULL,      -- JSON: counts, notes, why it failed
    digest      TEXT NOT NULL,      -- of the plan that is shown; '' is none yet
    by_id       TEXT NOT NULL,
    by_username TEXT NOT NULL,
    by_name     TEXT NOT NULL,
    by_role     TEXT NOT NULL,
    sent_at     TIMESTAMP NOT NULL,
    done_at     TIMESTAMP
);

CREATE TABLE exchange_page ( -- some rows of a plan, as they are shown
    import_id TEXT NOT NULL REFERENCES exchange_import (id),
    view      TEXT NOT NULL,
    number    BIGINT NOT NULL,
    body      TEXT NOT NULL, -- JSON
    PRIMARY KEY (import_id, view, number)
);
