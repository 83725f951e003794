-- when a break is due and which meals there are: DutyRules of the contract, encoded
CREATE TABLE duty_rules (
    tournament TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    body BYTEA NOT NULL
);

-- breaks of people on duty; instants in microseconds, ends NULL while one goes on
CREATE TABLE duty_breaks (
    assignment TEXT COLLATE "C" NOT NULL,
    starts BIGINT NOT NULL,
    ends BIGINT,
    PRIMARY KEY (assignment, starts)
);

-- meals given, each once to a person on a day of the tournament
CREATE TABLE duty_meals (
    volunteer TEXT COLLATE "C" NOT NULL,
    day TEXT COLLATE "C" NOT NULL,
    meal TEXT COLLATE "C" NOT NULL,
    assignment TEXT COLLATE "C" NOT NULL,
    given BIGINT NOT NULL,
    PRIMARY KEY (volunteer, day, meal)
);

-- items issued; returned is NULL while somebody has one
CREATE TABLE duty_equipment (
    tournament TEXT COLLATE "C" NOT NULL,
    item TEXT COLLATE "C" NOT NULL,
    assignment TEXT COLLATE "C" NOT NULL,
    issued BIGINT NOT NULL,
    returned BIGINT,
    PRIMARY KEY (tournament, item, issued)
);

CREATE UNIQUE INDEX duty_equipment_out ON duty_equipment (tournament, item) WHERE returned IS NULL;
