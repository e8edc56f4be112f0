-- Mails that bring a calendar, by time: what became of a meeting is told by later ones.
CREATE INDEX item_calendar ON item (source, at) WHERE instr(meta, 'BEGIN:VCALENDAR') > 0;
