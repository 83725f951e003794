-- broadcasts: one text to a selection of volunteers; uid makes the keys of its messages unique beyond this database;
-- channel and content as in the contract
CREATE TABLE broadcasts (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    tournament TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    uid TEXT COLLATE "C" NOT NULL,
    channel INTEGER NOT NULL,
    content BYTEA NOT NULL,
    author TEXT COLLATE "C" NOT NULL,
    unreached INTEGER NOT NULL,
    revision BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL
);

CREATE UNIQUE INDEX broadcasts_by_number ON broadcasts (tournament, number);

-- messages, one for each person told: state as in the contract (1 queued, 2 sending); languages separated by spaces;
-- instants in microseconds; holder is the process that makes the attempt under way. The address goes when the message is
-- settled for good, and address and text when the person is erased; one that is recalled is not tried again
CREATE TABLE messages (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    broadcast TEXT COLLATE "C" NOT NULL,
    volunteer TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    channel INTEGER NOT NULL,
    languages TEXT COLLATE "C" NOT NULL,
    address TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    state INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    attempted BIGINT,
    due BIGINT,
    recalled INTEGER NOT NULL,
    holder TEXT COLLATE "C" NOT NULL,
    problem TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL
);

CREATE INDEX messages_by_volunteer ON messages (volunteer);
-- what is to be sent next
CREATE INDEX messages_due ON messages (channel, due) WHERE state = 1;
-- what is under way, and by whom
CREATE INDEX messages_sending ON messages (holder) WHERE state = 2;
-- whether a broadcast is settled
CREATE INDEX messages_open ON messages (broadcast) WHERE state IN (1, 2);
