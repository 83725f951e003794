-- what rosters of a tournament cost: RosterRules of the contract, encoded; nothing asks for a part of them
CREATE TABLE roster_rules (
    tournament TEXT NOT NULL PRIMARY KEY,
    body BLOB NOT NULL
) STRICT;
