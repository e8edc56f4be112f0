-- Drafts are kept on the server as well. An id is never given twice: what is owed for a draft outlives it.
CREATE TABLE draft_kept (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    source   INTEGER REFERENCES source ON DELETE CASCADE,
    thread   INTEGER,
    compose  TEXT NOT NULL,
    saved_at INTEGER NOT NULL,
    -- Another program changed or removed it on the server: 'gone' where nothing of ours was in it that is
    -- not there, 'kept' where something was.
    elsewhere TEXT
) STRICT;
INSERT INTO draft_kept (id, source, thread, compose, saved_at) SELECT id, source, thread, compose, saved_at FROM draft;
DROP TABLE draft;
ALTER TABLE draft_kept RENAME TO draft;
CREATE INDEX draft_thread ON draft (thread) WHERE thread IS NOT NULL;

-- What a server has of a draft of ours, from the moment it has it until it is removed there.
CREATE TABLE draft_copy (
    draft      INTEGER NOT NULL,
    source     INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
    -- The platform's names of the folder and of the mail in it; empty where it did not tell.
    scope      TEXT NOT NULL,
    remote_id  TEXT NOT NULL,
    message_id TEXT,
    -- The draft as it was saved then; 0 for one that another program began.
    saved_at   INTEGER NOT NULL,
    PRIMARY KEY (draft, source)
) STRICT, WITHOUT ROWID;
CREATE INDEX draft_copy_message ON draft_copy (source, message_id);
CREATE INDEX item_draft ON item (thread) WHERE draft = 1 AND deleted = 0;

-- The draft an operation keeps on the server, or sends.
ALTER TABLE outbox ADD COLUMN draft INTEGER;
CREATE INDEX outbox_draft ON outbox (draft) WHERE draft IS NOT NULL;
