-- What may be missing is looked for whenever accounts are shown.
CREATE INDEX inbound_gap ON inbound (account, at) WHERE gap IS NOT NULL;
