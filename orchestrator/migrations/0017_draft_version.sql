-- What a draft said on its platform when it was saved there last, in the connector's own form: where it says
-- something else now, another program has written into it. Null where the platform makes a new mail of each version.
ALTER TABLE draft_copy ADD COLUMN version TEXT;
