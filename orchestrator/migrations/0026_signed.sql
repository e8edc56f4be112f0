-- Which handles people name in their signatures: addresses in lower case, and telephone numbers as they are compared.
-- Derived with what is read of a message, thrown away and made again with it.
CREATE TABLE signed (
    handle TEXT NOT NULL,
    says   TEXT NOT NULL,
    -- The item that said it last.
    item   INTEGER NOT NULL REFERENCES item ON DELETE CASCADE,
    PRIMARY KEY (handle, says)
) STRICT, WITHOUT ROWID;
CREATE INDEX signed_says ON signed (says);
CREATE INDEX signed_item ON signed (item);
