-- The mails whose senders were told that they were read, each with the entry of the outbox that tells it: nobody is told
-- twice, and what is taken back was not told.
CREATE TABLE told_read (
    item INTEGER PRIMARY KEY REFERENCES item ON DELETE CASCADE,
    op   INTEGER NOT NULL
) STRICT;
