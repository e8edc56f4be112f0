-- What could not be read is told at its source until somebody has seen it.
ALTER TABLE poison ADD COLUMN at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE poison ADD COLUMN seen INTEGER NOT NULL DEFAULT 0;
-- What is here already came no later than its source was heard last.
UPDATE poison SET at = coalesce((SELECT source.last_heard FROM scope JOIN source ON source.id = scope.source
    WHERE scope.id = poison.scope), 0);
CREATE INDEX poison_unseen ON poison (scope, at) WHERE seen = 0;

-- What a platform says of the account itself, until somebody has seen it.
CREATE TABLE warning (
    source INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
    code   TEXT NOT NULL,
    reason TEXT NOT NULL,
    at     INTEGER NOT NULL,
    seen   INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (source, code)
) STRICT, WITHOUT ROWID;

-- What happened to messages that are not here yet, in the order it came.
CREATE TABLE early (
    id        INTEGER PRIMARY KEY,
    source    INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
    remote_id TEXT NOT NULL,
    change    TEXT NOT NULL,
    at        INTEGER NOT NULL
) STRICT;
CREATE INDEX early_of ON early (source, remote_id, id);
CREATE INDEX early_at ON early (at);

-- Until when a conversation had that name and its person that handle, and what they are now.
CREATE TABLE moved (
    source      INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
    key         TEXT NOT NULL,
    handle      TEXT NOT NULL,
    at          INTEGER NOT NULL,
    into_key    TEXT NOT NULL,
    into_handle TEXT NOT NULL,
    PRIMARY KEY (source, key, at)
) STRICT, WITHOUT ROWID;
