-- when a break is due and which meals there are: DutyRules of the contract, encoded
CREATE TABLE duty_rules (
    tournament TEXT NOT NULL PRIMARY KEY,
    body BLOB NOT NULL
) STRICT;

-- breaks of people on duty; instants in microseconds, ends NULL while one goes on
CREATE TABLE duty_breaks (
    assignment TEXT NOT NULL,
    starts INTEGER NOT NULL,
    ends INTEGER,
    PRIMARY KEY (assignment, starts)
) STRICT;

-- meals given, each once to a person on a day of the tournament
CREATE TABLE duty_meals (
    volunteer TEXT NOT NULL,
    day TEXT NOT NULL,
    meal TEXT NOT NULL,
    assignment TEXT NOT NULL,
    given INTEGER NOT NULL,
    PRIMARY KEY (volunteer, day, meal)
) STRICT;

-- items issued; returned is NULL while somebody has one
CREATE TABLE duty_equipment (
    tournament TEXT NOT NULL,
    item TEXT NOT NULL,
    assignment TEXT NOT NULL,
    issued INTEGER NOT NULL,
    returned INTEGER,
    PRIMARY KEY (tournament, item, issued)
) STRICT;

CREATE UNIQUE INDEX duty_equipment_out ON duty_equipment (tournament, item) WHERE returned IS NULL;
