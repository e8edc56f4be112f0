-- The newest item of a conversation is what happened there, in a sentence of ours that a window says in its own language.
ALTER TABLE thread ADD COLUMN event INTEGER NOT NULL DEFAULT 0;
