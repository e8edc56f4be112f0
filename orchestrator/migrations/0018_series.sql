-- Meetings of Outlook that repeat were once written down as if they did so daily, however they do. Where that is said and
-- no more, how they repeat is asked for anew; one that is daily indeed comes back as it was.
UPDATE item SET meta = json_set(meta, '$.mail.unasked', json('true'))
WHERE source IN (SELECT id FROM source WHERE type = 'outlook')
AND instr(json_extract(meta, '$.mail.calendar[0]'), 'RRULE:FREQ=DAILY' || char(13, 10)) > 0;
