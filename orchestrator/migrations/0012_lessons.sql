-- What a lesson was taught by, and the message it was taught with: taken back with it.
ALTER TABLE lesson ADD COLUMN kind TEXT NOT NULL DEFAULT 'dismissed';
ALTER TABLE lesson ADD COLUMN op INTEGER;
CREATE INDEX lesson_op ON lesson (op) WHERE op IS NOT NULL;
