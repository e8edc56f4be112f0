-- People of an address book that was read in. What it says is evidence of who has which handle, and joins nobody.
CREATE TABLE contact (
    -- The card's own name, or its first handle with the person's name where it has none.
    card         TEXT NOT NULL,
    handle       TEXT NOT NULL,
    name         TEXT NOT NULL,
    organisation TEXT NOT NULL,
    -- Name and handle, folded for searching.
    folded       TEXT NOT NULL,
    PRIMARY KEY (card, handle)
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_handle ON contact (handle);

-- Whom the person said matter to them.
CREATE TABLE person_vip (
    handle TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
