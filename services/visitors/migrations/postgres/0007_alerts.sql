-- which levels each cause at each subject has reached: a latch for each level, and since when the figure has spoken
-- against it; instants in microseconds, causes as the contract numbers them
CREATE TABLE alert_tracks (
    venue TEXT COLLATE "C" NOT NULL,
    cause INTEGER NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    yellow INTEGER NOT NULL,
    yellow_since BIGINT,
    orange INTEGER NOT NULL,
    orange_since BIGINT,
    red INTEGER NOT NULL,
    red_since BIGINT,
    seen BIGINT NOT NULL,
    PRIMARY KEY (venue, cause, subject)
);

-- alerts, by resource name; cause, level and state as the contract numbers them. sequence counts the changes of all
-- alerts of the venue; the evidence is what the contract shows of what was measured
CREATE TABLE alerts (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    venue TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    cause INTEGER NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    level INTEGER NOT NULL,
    state INTEGER NOT NULL,
    raised BIGINT NOT NULL,
    level_since BIGINT NOT NULL,
    acknowledged BIGINT,
    acknowledged_by TEXT COLLATE "C" NOT NULL,
    shelf_until BIGINT,
    shelf_reason TEXT COLLATE "C" NOT NULL,
    told_since BIGINT NOT NULL,
    escalations INTEGER NOT NULL,
    holder TEXT COLLATE "C" NOT NULL,
    cleared BIGINT,
    sequence BIGINT NOT NULL,
    evidence BYTEA NOT NULL,
    revision BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL
);

CREATE UNIQUE INDEX alerts_by_number ON alerts (venue, number);
CREATE UNIQUE INDEX alerts_by_sequence ON alerts (venue, sequence);
-- one is open of each cause and subject: the rule decides under a lock, and this holds should the rule have a defect
CREATE UNIQUE INDEX alerts_open ON alerts (venue, cause, subject) WHERE state <> 4;

-- the steps of alerts: only ever added to. The figures of the alarms are made from them
CREATE TABLE alert_transitions (
    venue TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    number BIGINT NOT NULL,
    cause INTEGER NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    step INTEGER NOT NULL,
    level INTEGER NOT NULL,
    happened BIGINT NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    holder TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (venue, sequence)
);

CREATE INDEX alert_transitions_by_alert ON alert_transitions (venue, number, sequence);
CREATE INDEX alert_transitions_by_time ON alert_transitions (venue, happened, sequence);

-- the rules that somebody set, by the name of the venue; the body is as the contract encodes it
CREATE TABLE alert_rules (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    body BYTEA NOT NULL,
    revision BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL
);

-- who answers for a zone, an empty one being the whole venue; the body is as the contract encodes it
CREATE TABLE duty_chains (
    venue TEXT COLLATE "C" NOT NULL,
    zone TEXT COLLATE "C" NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (venue, zone)
);
