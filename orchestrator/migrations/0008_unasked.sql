-- Mail of Outlook that came before invitations were read: what it says of a meeting is asked for when it is opened.
UPDATE item SET meta = json_set(meta, '$.mail.unasked', json('true'))
WHERE instr(meta, 'BEGIN:VCALENDAR') = 0 AND source IN (SELECT id FROM source WHERE type = 'outlook');
