-- what rosters of a tournament cost: RosterRules of the contract, encoded; nothing asks for a part of them
CREATE TABLE roster_rules (
    tournament TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    body BYTEA NOT NULL
);
