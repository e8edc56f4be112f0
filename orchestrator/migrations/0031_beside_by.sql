-- Whose it is what stands open beside a suggestion is told by its message: it is concluded again.
UPDATE suggestion SET changes_at = 0, data = json_remove(data, '$.beside');
