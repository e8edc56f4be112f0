-- The newest messages of others, which rules are tried on.
CREATE INDEX item_others ON item (at DESC, id DESC)
WHERE from_me = 0 AND draft = 0 AND deleted = 0 AND retracted = 0;

-- What is waited for is found by what was thought of it.
DROP INDEX thread_waiting;
