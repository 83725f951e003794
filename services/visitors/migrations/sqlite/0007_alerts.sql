-- which levels each cause at each subject has reached: a latch for each level, and since when the figure has spoken
-- against it; instants in microseconds, causes as the contract numbers them
CREATE TABLE alert_tracks (
    venue TEXT NOT NULL,
    cause INTEGER NOT NULL,
    subject TEXT NOT NULL,
    yellow INTEGER NOT NULL,
    yellow_since INTEGER,
    orange INTEGER NOT NULL,
    orange_since INTEGER,
    red INTEGER NOT NULL,
    red_since INTEGER,
    seen INTEGER NOT NULL,
    PRIMARY KEY (venue, cause, subject)
) STRICT;

-- alerts, by resource name; cause, level and state as the contract numbers them. sequence counts the changes of all
-- alerts of the venue; the evidence is what the contract shows of what was measured
CREATE TABLE alerts (
    name TEXT NOT NULL PRIMARY KEY,
    venue TEXT NOT NULL,
    number INTEGER NOT NULL,
    cause INTEGER NOT NULL,
    subject TEXT NOT NULL,
    level INTEGER NOT NULL,
    state INTEGER NOT NULL,
    raised INTEGER NOT NULL,
    level_since INTEGER NOT NULL,
    acknowledged INTEGER,
    acknowledged_by TEXT NOT NULL,
    shelf_until INTEGER,
    shelf_reason TEXT NOT NULL,
    told_since INTEGER NOT NULL,
    escalations INTEGER NOT NULL,
    holder TEXT NOT NULL,
    cleared INTEGER,
    sequence INTEGER NOT NULL,
    evidence BLOB NOT NULL,
    revision INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX alerts_by_number ON alerts (venue, number);
CREATE UNIQUE INDEX alerts_by_sequence ON alerts (venue, sequence);
-- one is open of each cause and subject: the rule decides under a lock, and this holds should the rule have a defect
CREATE UNIQUE INDEX alerts_open ON alerts (venue, cause, subject) WHERE state <> 4;

-- the steps of alerts: only ever added to. The figures of the alarms are made from them
CREATE TABLE alert_transitions (
    venue TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    number INTEGER NOT NULL,
    cause INTEGER NOT NULL,
    subject TEXT NOT NULL,
    step INTEGER NOT NULL,
    level INTEGER NOT NULL,
    happened INTEGER NOT NULL,
    actor TEXT NOT NULL,
    holder TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (venue, sequence)
) STRICT;

CREATE INDEX alert_transitions_by_alert ON alert_transitions (venue, number, sequence);
CREATE INDEX alert_transitions_by_time ON alert_transitions (venue, happened, sequence);

-- the rules that somebody set, by the name of the venue; the body is as the contract encodes it
CREATE TABLE alert_rules (
    name TEXT NOT NULL PRIMARY KEY,
    body BLOB NOT NULL,
    revision INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
) STRICT;

-- who answers for a zone, an empty one being the whole venue; the body is as the contract encodes it
CREATE TABLE duty_chains (
    venue TEXT NOT NULL,
    zone TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (venue, zone)
) STRICT;
