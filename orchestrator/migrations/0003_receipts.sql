-- How far a message of mine has come: 0 not said, 1 sent, 2 failed, 3 delivered, 4 read. It only grows.
ALTER TABLE item ADD COLUMN receipt INTEGER NOT NULL DEFAULT 0;
