-- The store's own tables. Twin of migrations/sqlite/0001_log.sql: only column types differ.

-- One row: the id of this log and the sequence of its last event.
CREATE TABLE log_head (
    one      BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    log_id   UUID   NOT NULL,
    sequence BIGINT NOT NULL
);

-- The event log; `at` in microseconds since 1970, UTC.
CREATE TABLE events (
    sequence   BIGINT NOT NULL PRIMARY KEY,
    kind       TEXT   NOT NULL,
    resource   TEXT   NOT NULL,
    tournament TEXT   NOT NULL,
    actor      TEXT   NOT NULL,
    change     TEXT   NOT NULL,
    request_id TEXT   NOT NULL,
    at         BIGINT NOT NULL,
    payload    BYTEA  NOT NULL
);

-- How far this service has followed the logs of others.
CREATE TABLE cursors (
    follower TEXT   NOT NULL,
    log      TEXT   NOT NULL,
    log_id   UUID   NOT NULL,
    sequence BIGINT NOT NULL,
    PRIMARY KEY (follower, log)
);

-- Replies to calls with a request id, kept seven days.
CREATE TABLE replies (
    caller     TEXT   NOT NULL,
    method     TEXT   NOT NULL,
    request_id TEXT   NOT NULL,
    body_hash  BYTEA  NOT NULL,
    reply      BYTEA  NOT NULL,
    at         BIGINT NOT NULL,
    PRIMARY KEY (caller, method, request_id)
);

CREATE INDEX replies_at ON replies (at);
