-- How far the stream of a relay has been taken over: written together with what was.
ALTER TABLE inbound_reader ADD COLUMN stream TEXT;
ALTER TABLE inbound_reader ADD COLUMN stream_seq INTEGER NOT NULL DEFAULT 0;
