-- addresses of volunteers' calendars: of the secret code its SHA-256 is kept; language 1 English, 2 Chinese
CREATE TABLE calendar_links (
    volunteer TEXT NOT NULL PRIMARY KEY,
    code_hash BLOB NOT NULL,
    language INTEGER NOT NULL,
    created INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX calendar_links_by_code ON calendar_links (code_hash);
