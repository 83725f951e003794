-- how often a credential lets in, over all sessions; 0 for any number. State 3 is blocked
ALTER TABLE credentials ADD COLUMN entries INTEGER NOT NULL DEFAULT 0;

-- what the gate found of the holder's identity: 0 not checked, 1 confirmed, 2 a mismatch
ALTER TABLE scans ADD COLUMN identity INTEGER NOT NULL DEFAULT 0;

-- the openings that let in only those whose identity was confirmed
CREATE TABLE identity_checks (
    opening TEXT NOT NULL PRIMARY KEY,
    since INTEGER NOT NULL
) STRICT;
