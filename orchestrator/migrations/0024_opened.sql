-- When somebody last looked at a file that is here: what can be fetched again is kept for so long after that.
ALTER TABLE attachment ADD COLUMN opened_at INTEGER;
UPDATE attachment SET opened_at = CAST(strftime('%s', 'now') AS INTEGER) * 1000 WHERE hash IS NOT NULL;
