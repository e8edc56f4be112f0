-- What platforms sent us, byte for byte, until its source has read it and no platform repeats it any more.
-- A number is never given twice: cursors are made of them.
CREATE TABLE inbound (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    at      INTEGER NOT NULL,
    -- SHA-256 of the body: the same bytes are kept once.
    digest  BLOB NOT NULL,
    body    BLOB,
    -- Instead of a body: since when nobody had listened.
    gap     INTEGER,
    UNIQUE (account, digest)
) STRICT;
CREATE INDEX inbound_account ON inbound (account, seq);

-- Who listens: when somebody did last, and up to where its source has read.
CREATE TABLE inbound_reader (
    account  INTEGER PRIMARY KEY REFERENCES account ON DELETE CASCADE,
    heard_at INTEGER,
    read_to  INTEGER NOT NULL DEFAULT 0
) STRICT;
