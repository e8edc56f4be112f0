-- Where a file lies whose source gives no bytes of it.
ALTER TABLE attachment ADD COLUMN link TEXT;
