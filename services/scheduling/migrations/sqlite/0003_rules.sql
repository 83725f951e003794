-- the rules that were applied to a tournament, in their order: encoded matchday.scheduling.v1.Rule
CREATE TABLE rules (
    tournament TEXT NOT NULL,
    position INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (tournament, position)
) STRICT;
