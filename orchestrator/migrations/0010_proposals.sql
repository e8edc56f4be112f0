-- What other programs propose to do, and what the person decided. Nothing here has an effect by itself.
CREATE TABLE proposal (
    -- A number that was handed out never means another proposal.
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    at         INTEGER NOT NULL,
    thread     INTEGER NOT NULL REFERENCES thread ON DELETE CASCADE,
    who        TEXT NOT NULL,
    why        TEXT NOT NULL,
    what       TEXT NOT NULL,
    text       TEXT NOT NULL,
    until      INTEGER,
    -- waiting, approved or rejected.
    state      TEXT NOT NULL,
    decided_at INTEGER,
    decided_by TEXT,
    -- The person changed it before approving.
    edited     INTEGER NOT NULL DEFAULT 0,
    op         INTEGER
) STRICT;
CREATE INDEX proposal_waiting ON proposal (who) WHERE state = 'waiting';
CREATE INDEX proposal_thread ON proposal (thread);
