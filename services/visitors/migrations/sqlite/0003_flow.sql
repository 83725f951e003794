-- flow graphs, by the name of the venue; the body is the graph as the contract encodes it
CREATE TABLE flow_graphs (
    name TEXT NOT NULL PRIMARY KEY,
    body BLOB NOT NULL,
    revision INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
) STRICT;

-- readings of counters, by counter and sequence: only ever added to. Instants in microseconds; late 1 when it came
-- too late to be counted
CREATE TABLE counter_readings (
    venue TEXT NOT NULL,
    counter TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    started INTEGER NOT NULL,
    ended INTEGER NOT NULL,
    entries INTEGER NOT NULL,
    exits INTEGER NOT NULL,
    received INTEGER NOT NULL,
    late INTEGER NOT NULL,
    PRIMARY KEY (venue, counter, sequence)
) STRICT;

-- sums of a counter since a time, from the index alone
CREATE INDEX counter_readings_by_time ON counter_readings (venue, started, counter, late, ended, entries, exits);

-- reference counts of zones, by zone and time: the last one of a time holds
CREATE TABLE reference_counts (
    venue TEXT NOT NULL,
    zone TEXT NOT NULL,
    counted INTEGER NOT NULL,
    people INTEGER NOT NULL,
    deviation REAL NOT NULL,
    PRIMARY KEY (venue, zone, counted)
) STRICT;
