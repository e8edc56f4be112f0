-- Channels of Teams can be switched off and kept: they are listed no more, and stay until somebody removes them.
ALTER TABLE scope ADD COLUMN kept INTEGER NOT NULL DEFAULT 0;
UPDATE scope SET role = 'channel' WHERE role = 'chat' AND instr(remote, '/') > 0
AND source IN (SELECT id FROM source WHERE type = 'teams');
