-- class of the service plan; officials of a match by id, separated by spaces
ALTER TABLE activities ADD COLUMN service_class TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE activities ADD COLUMN officials TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN service_class TEXT COLLATE "C" NOT NULL DEFAULT '';

-- service plans, immutable; body is an encoded matchday.scheduling.v1.ServicePlan without name, author and time
CREATE TABLE plans (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    tournament TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    author TEXT COLLATE "C" NOT NULL,
    body BYTEA NOT NULL,
    revision BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL
);

CREATE UNIQUE INDEX plans_by_number ON plans (tournament, number);
