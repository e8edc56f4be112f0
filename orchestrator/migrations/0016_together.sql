-- What a channel is told in one message with others, when its time has come.
ALTER TABLE outbox ADD COLUMN together INTEGER NOT NULL DEFAULT 0;
CREATE INDEX outbox_together ON outbox (not_before) WHERE together = 1;
