-- Drafts of Outlook that came before it was kept what a draft says, by which it is seen that another program has written
-- into it: that is asked for when one is opened.
UPDATE item SET meta = json_set(meta, '$.mail.unasked', json('true'))
WHERE draft = 1 AND json_extract(meta, '$.mail.version') IS NULL
AND source IN (SELECT id FROM source WHERE type = 'outlook');
