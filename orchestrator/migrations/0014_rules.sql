-- Rules of a person, as JSON, and the rev from which on each looks at what comes in.
CREATE TABLE rule (
    id    TEXT PRIMARY KEY,
    data  TEXT NOT NULL,
    since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What rules made of an item: which held, by what, what was done, and which did not. No text, and bounded.
CREATE TABLE rule_log (
    id     INTEGER PRIMARY KEY,
    at     INTEGER NOT NULL,
    source INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
    thread INTEGER NOT NULL,
    item   INTEGER NOT NULL,
    -- A rule held.
    held   INTEGER NOT NULL,
    data   TEXT NOT NULL
) STRICT;
CREATE INDEX rule_log_held ON rule_log (held, id);
CREATE INDEX rule_log_source ON rule_log (source);

-- What may happen only so often: answers, and what a limit counts.
CREATE TABLE rule_use (
    id     INTEGER PRIMARY KEY,
    rule   TEXT NOT NULL,
    key    TEXT NOT NULL,
    at     INTEGER NOT NULL,
    source INTEGER NOT NULL REFERENCES source ON DELETE CASCADE
) STRICT;
CREATE INDEX rule_use_key ON rule_use (rule, key, at);
CREATE INDEX rule_use_source ON rule_use (source);

-- The rev at which an item came with its content: once, whatever happens to it later. 0: its content is still to
-- come; -1: it came before anybody followed that.
ALTER TABLE item ADD COLUMN came INTEGER NOT NULL DEFAULT -1;
CREATE INDEX item_came ON item (came) WHERE came > 0;
