-- What was reported of mails that went out, by the mail it names and the recipient it speaks of. A report may come
-- before the mail it is about has been seen here, and may be a stranger's: whether it counts is asked when it is read.
CREATE TABLE report (
    source     INTEGER NOT NULL REFERENCES source ON DELETE CASCADE,
    -- Of the mail it is about.
    message_id TEXT NOT NULL,
    -- In lower case.
    recipient  TEXT NOT NULL,
    -- Where it went in the end, where that is another address.
    also       TEXT NOT NULL,
    reported   TEXT NOT NULL,
    status     TEXT,
    said       TEXT,
    at         INTEGER NOT NULL,
    PRIMARY KEY (source, message_id, recipient, also, reported)
) STRICT, WITHOUT ROWID;
