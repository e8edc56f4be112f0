-- What each message says, read once by the part that thinks, and again when its text has changed.
CREATE TABLE reading (
    item     INTEGER PRIMARY KEY REFERENCES item ON DELETE CASCADE,
    -- The item's text_rev it was read at.
    text_rev INTEGER NOT NULL,
    -- JSON, compressed.
    data     BLOB NOT NULL
) STRICT;

-- What a conversation asks of me, where it asks something. Derived, as readings are: thrown away, both are made again.
CREATE TABLE suggestion (
    thread       INTEGER PRIMARY KEY REFERENCES thread ON DELETE CASCADE,
    state        TEXT NOT NULL,
    score        INTEGER NOT NULL,
    -- Whose habits count, by handle.
    person       TEXT NOT NULL,
    since        INTEGER NOT NULL,
    due_at       INTEGER,
    hidden_until INTEGER,
    -- When the clock alone makes it another one; 0: something it rests on has changed.
    changes_at   INTEGER,
    data         TEXT NOT NULL
) STRICT;
CREATE INDEX suggestion_person ON suggestion (person);
CREATE INDEX suggestion_changes ON suggestion (changes_at) WHERE changes_at IS NOT NULL;

-- What a person taught by saying "not an action". Not derived, and each can be taken back.
CREATE TABLE lesson (
    id      INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    source  INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
    thread  INTEGER NOT NULL,
    person  TEXT NOT NULL,
    -- The pattern that had seen an ask; empty where none had.
    pattern TEXT NOT NULL
) STRICT;
CREATE INDEX lesson_person ON lesson (person);
CREATE INDEX lesson_source ON lesson (source);

-- What a conversation asked until then is settled: I said so.
ALTER TABLE thread ADD COLUMN settled_at INTEGER;
