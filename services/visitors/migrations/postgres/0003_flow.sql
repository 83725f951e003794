-- flow graphs, by the name of the venue; the body is the graph as the contract encodes it
CREATE TABLE flow_graphs (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    body BYTEA NOT NULL,
    revision BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL
);

-- readings of counters, by counter and sequence: only ever added to. Instants in microseconds; late 1 when it came
-- too late to be counted
CREATE TABLE counter_readings (
    venue TEXT COLLATE "C" NOT NULL,
    counter TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    started BIGINT NOT NULL,
    ended BIGINT NOT NULL,
    entries BIGINT NOT NULL,
    exits BIGINT NOT NULL,
    received BIGINT NOT NULL,
    late BIGINT NOT NULL,
    PRIMARY KEY (venue, counter, sequence)
);

-- sums of a counter since a time, from the index alone
CREATE INDEX counter_readings_by_time ON counter_readings (venue, started, counter, late, ended, entries, exits);

-- reference counts of zones, by zone and time: the last one of a time holds
CREATE TABLE reference_counts (
    venue TEXT COLLATE "C" NOT NULL,
    zone TEXT COLLATE "C" NOT NULL,
    counted BIGINT NOT NULL,
    people BIGINT NOT NULL,
    deviation DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (venue, zone, counted)
);
