#!/usr/bin/env python3
"""Migrations are twins: the same files, tables, columns and indexes on both databases; only types may differ.

Compared per file: CREATE TABLE (columns in order, with NOT NULL, PRIMARY KEY and UNIQUE), CREATE INDEX,
ALTER TABLE and DROP. SQLite tables are STRICT. Runs alone: `.ci/checks/migrations.py`.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
TWINS = ("postgres", "sqlite")

TABLE = re.compile(r"CREATE TABLE (?:IF NOT EXISTS )?(\S+?) ?\((.*)\)(.*)$", re.I)
INDEX = re.compile(r"CREATE (UNIQUE )?INDEX (?:IF NOT EXISTS )?(\S+) ON (\S+?) ?\((.*)$", re.I)
ALTER = re.compile(r"ALTER TABLE (\S+) (ADD|DROP|RENAME)(?: COLUMN)? (.*)$", re.I)
DROP = re.compile(r"DROP (TABLE|INDEX) (?:IF EXISTS )?(\S+)", re.I)
CONSTRAINT = re.compile(r"(CONSTRAINT|PRIMARY|UNIQUE|CHECK|FOREIGN|EXCLUDE)\b", re.I)


def statements(text):
    """The statements of a file, without comments and on one line each."""
    text = re.sub(r"--[^\n]*|/\*.*?\*/", " ", text, flags=re.S)
    return [" ".join(statement.split()) for statement in text.split(";") if statement.strip()]


def items(body):
    """Splits at the commas that stand outside of brackets."""
    depth, start = 0, 0
    for at, character in enumerate(body):
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            yield body[start:at].strip()
            start = at + 1
    yield body[start:].strip()


def plain(text):
    """How names and key lists are compared: lower case, without quotes and without a collation."""
    text = re.sub(r'\s+COLLATE\s+\S+?(?=[\s,)]|$)', "", text, flags=re.I)
    return re.sub(r"\s*([(),])\s*", r"\1", text.replace('"', "").lower()).strip()


def column(definition):
    """A column as both databases must have it: its name and what is required of it, not its type."""
    name, _, rest = definition.partition(" ")
    rest = rest.upper()
    marks = [mark for mark in ("PRIMARY KEY", "UNIQUE", "REFERENCES") if mark in rest]
    if "NOT NULL" in rest and "PRIMARY KEY" not in marks:
        marks.append("NOT NULL")
    return " ".join([plain(name), *marks])


def table_item(item):
    """A column, or a key of the table; checks are left out, as their functions differ by name."""
    if not CONSTRAINT.match(item):
        return column(item)
    key = re.sub(r"^CONSTRAINT \S+ ", "", item, flags=re.I)
    return None if key.upper().startswith("CHECK") else plain(key)


def shape(statement):
    """What of a statement must be the same in both twins; nothing for one that only moves data."""
    if match := TABLE.match(statement):
        return [
            f"table {plain(match[1])}",
            *(f"table {plain(match[1])}: {item}" for item in map(table_item, items(match[2])) if item),
        ]
    if match := INDEX.match(statement):
        return [f"{'unique ' if match[1] else ''}index {plain(match[2])} on {plain(match[3])}({plain(match[4])}"]
    if match := ALTER.match(statement):
        verb = match[2].lower()
        return [f"alter table {plain(match[1])} {verb} {column(match[3]) if verb == 'add' else plain(match[3])}"]
    if match := DROP.match(statement):
        return [f"drop {match[1].lower()} {plain(match[2])}"]
    return []


def faults_of(directory):
    """How the two halves of one `migrations` directory differ."""
    here = directory.relative_to(ROOT)
    files = {twin: {path.name for path in (directory / twin).glob("*.sql")} for twin in TWINS}
    for twin, other in (TWINS, TWINS[::-1]):
        for name in sorted(files[twin] - files[other]):
            yield f"{here}/{twin}/{name} has no twin in {other}"
    for name in sorted(files["postgres"] & files["sqlite"]):
        shapes = {}
        for twin in TWINS:
            parsed = statements((directory / twin / name).read_text(encoding="utf-8"))
            shapes[twin] = [line for statement in parsed for line in shape(statement)]
            for statement in parsed:
                match = TABLE.match(statement)
                if twin == "sqlite" and match and "STRICT" not in match[3].upper():
                    yield f"{here}/sqlite/{name}: table {match[1]} is not STRICT"
                # pages go by name in byte order, which PostgreSQL has only by this collation; the store's own
                # tables are read by number
                bare = re.search(r'TEXT(?! COLLATE "C")', statement) if match else None
                if twin == "postgres" and bare and directory.parent.name != "store":
                    yield f'{here}/postgres/{name}: table {match[1]} has TEXT without COLLATE "C"'
        postgres, sqlite = shapes["postgres"], shapes["sqlite"]
        differences = [f"only postgres has: {line}" for line in postgres if line not in sqlite]
        differences += [f"only sqlite has: {line}" for line in sqlite if line not in postgres]
        if not differences and postgres != sqlite:
            differences = ["the same things in another order"]
        for difference in differences:
            yield f"{here}/*/{name}: {difference}"


def main():
    directories = sorted(path for path in ROOT.glob("services/*/migrations") if path.is_dir())
    faults = [fault for directory in directories for fault in faults_of(directory)]
    for fault in faults:
        print(f"migrations: {fault}", file=sys.stderr)
    print(f"migrations: {len(directories)} crates, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
