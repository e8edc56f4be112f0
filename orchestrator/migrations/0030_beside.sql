-- What else is open in a conversation is kept with its suggestion: all are concluded again.
UPDATE suggestion SET changes_at = 0;
