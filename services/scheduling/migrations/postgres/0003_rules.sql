-- the rules that were applied to a tournament, in their order: encoded matchday.scheduling.v1.Rule
CREATE TABLE rules (
    tournament TEXT COLLATE "C" NOT NULL,
    position BIGINT NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (tournament, position)
);
