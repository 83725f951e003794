-- class of the service plan; officials of a match by id, separated by spaces
ALTER TABLE activities ADD COLUMN service_class TEXT NOT NULL DEFAULT '';
ALTER TABLE activities ADD COLUMN officials TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN service_class TEXT NOT NULL DEFAULT '';

-- service plans, immutable; body is an encoded matchday.scheduling.v1.ServicePlan without name, author and time
CREATE TABLE plans (
    name TEXT NOT NULL PRIMARY KEY,
    tournament TEXT NOT NULL,
    number INTEGER NOT NULL,
    author TEXT NOT NULL,
    body BLOB NOT NULL,
    revision INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX plans_by_number ON plans (tournament, number);
