-- The mail that asks to be taken off a list: until it is out nobody was asked, and cancelled it asks nobody.
ALTER TABLE unsubscribed ADD COLUMN op INTEGER;
