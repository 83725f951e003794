-- addresses of volunteers' calendars: of the secret code its SHA-256 is kept; language 1 English, 2 Chinese
CREATE TABLE calendar_links (
    volunteer TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    code_hash BYTEA NOT NULL,
    language INTEGER NOT NULL,
    created BIGINT NOT NULL
);

CREATE UNIQUE INDEX calendar_links_by_code ON calendar_links (code_hash);
