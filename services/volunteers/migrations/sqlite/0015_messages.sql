-- broadcasts: one text to a selection of volunteers; uid makes the keys of its messages unique beyond this database;
-- channel and content as in the contract
CREATE TABLE broadcasts (
    name TEXT NOT NULL PRIMARY KEY,
    tournament TEXT NOT NULL,
    number INTEGER NOT NULL,
    uid TEXT NOT NULL,
    channel INTEGER NOT NULL,
    content BLOB NOT NULL,
    author TEXT NOT NULL,
    unreached INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX broadcasts_by_number ON broadcasts (tournament, number);

-- messages, one for each person told: state as in the contract (1 queued, 2 sending); languages separated by spaces;
-- instants in microseconds; holder is the process that makes the attempt under way. The address goes when the message is
-- settled for good, and address and text when the person is erased; one that is recalled is not tried again
CREATE TABLE messages (
    name TEXT NOT NULL PRIMARY KEY,
    broadcast TEXT NOT NULL,
    volunteer TEXT NOT NULL,
    key TEXT NOT NULL,
    channel INTEGER NOT NULL,
    languages TEXT NOT NULL,
    address TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    state INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    attempted INTEGER,
    due INTEGER,
    recalled INTEGER NOT NULL,
    holder TEXT NOT NULL,
    problem TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
) STRICT;

CREATE INDEX messages_by_volunteer ON messages (volunteer);
-- what is to be sent next
CREATE INDEX messages_due ON messages (channel, due) WHERE state = 1;
-- what is under way, and by whom
CREATE INDEX messages_sending ON messages (holder) WHERE state = 2;
-- whether a broadcast is settled
CREATE INDEX messages_open ON messages (broadcast) WHERE state IN (1, 2);
