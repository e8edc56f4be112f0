-- Which meeting a mail with a calendar is about, so that the mails of one meeting and the meetings of a day are found.
-- Derived, and made again where it is missing.
CREATE TABLE meeting_mail (
    item   INTEGER PRIMARY KEY REFERENCES item ON DELETE CASCADE,
    source INTEGER NOT NULL,
    -- Empty where the calendar tells of no meeting.
    uid    TEXT NOT NULL,
    starts INTEGER NOT NULL,
    -- Null where it goes on for as long as nobody knows.
    ends   INTEGER
) STRICT;
CREATE INDEX meeting_mail_uid ON meeting_mail (source, uid);
CREATE INDEX meeting_mail_ends ON meeting_mail (ends) WHERE uid <> '';
