#!/usr/bin/env python3
"""Arrows run downwards only: which of our crates may name which, and what a domain may import.

A new service is one more name in SERVICES. Runs alone: `.ci/checks/layers.py`.
"""

import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]

# They call each other's clients and follow each other's events; they never import each other.
SERVICES = {"scheduling", "volunteers", "venues", "visitors", "control"}

WALLS = {
    "api": set(),
    "kernel": set(),
    "store": {"api", "kernel"},
    "rpc": {"api", "kernel"},
    "runtime": {"api", "kernel", "store", "rpc"},
    "agenda": {"api", "kernel", "store", "rpc"},
}
# Pure crates that search: they know no other crate of ours.
ENGINES = {"timetable": set(), "roster": set()}
ALLOWED = WALLS | ENGINES | {service: set(WALLS) for service in SERVICES}
# Each engine belongs to the service that runs it.
ALLOWED["scheduling"] |= {"timetable"}
ALLOWED["volunteers"] |= {"roster"}
ALLOWED["matchday"] = set(ALLOWED)
ALLOWED["tests"] = set(ALLOWED)

# Families of other people's crates that a wall is there to keep out: `tokio` stands for `tokio-util` too.
FORBIDDEN = {
    "kernel": {"tokio", "tonic", "sqlx", "prost", "axum"},
    "store": {"tonic", "axum"},
    "rpc": {"sqlx"},
    "timetable": {"tokio", "tonic", "sqlx", "prost", "axum"},
    "roster": {"tokio", "tonic", "sqlx", "prost", "axum"},
}

# A domain is pure and synchronous: it knows no database, no transport and no runtime.
SIBLINGS = r"(?:store|grpc|follow)"
IMPURE = [
    re.compile(r"\b(?:sqlx|tonic|tokio|tokio_stream|matchday_(?:store|rpc|runtime))\b"),
    re.compile(rf"\buse\s+(?:crate|super)\b[^;]*\b{SIBLINGS}\b[^;]*;"),
    re.compile(rf"\b(?:crate|super)::{SIBLINGS}\b"),
]


def short(package):
    """The name that the tables use: `matchday-store` is `store`."""
    return package.removeprefix("matchday-")


def ours(package):
    """Whether the package is a member of this workspace, by its name."""
    return package == "matchday" or package.startswith("matchday-")


def crate_faults(packages):
    """Dependencies that point upwards or sideways, those of tests and build scripts included."""
    for package in packages:
        crate = short(package["name"])
        if crate not in ALLOWED:
            yield f"{package['name']}: not in the table of layers (.ci/checks/layers.py)"
            continue
        for dependency in package["dependencies"]:
            name = dependency["name"]
            if ours(name):
                # A crate's tests may ask for a feature of the crate itself.
                if short(name) != crate and short(name) not in ALLOWED[crate]:
                    yield f"{package['name']}: must not depend on {name}"
            elif any(name == family or name.startswith(f"{family}-") for family in FORBIDDEN.get(crate, ())):
                yield f"{package['name']}: must not depend on {name}"


def domain_files():
    """`domain.rs` and everything below `domain/` of every service."""
    for source in sorted(ROOT.glob("services/*/src")):
        yield from source.glob("domain.rs")
        yield from sorted(source.glob("domain/**/*.rs"))


def domain_faults(path):
    """Imports of a domain file that make it impure; comments may say what they like."""
    code = re.sub(r"//[^\n]*", "", path.read_text(encoding="utf-8"))
    for pattern in IMPURE:
        for match in pattern.finditer(code):
            line = code.count("\n", 0, match.start()) + 1
            found = " ".join(match.group().split())
            yield f"{path.relative_to(ROOT)}:{line}: a domain must not name `{found}`"


def main():
    command = ["cargo", "metadata", "--no-deps", "--locked", "--format-version", "1"]
    metadata = json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)
    packages, domains = metadata["packages"], list(domain_files())
    faults = list(crate_faults(packages))
    for path in domains:
        faults += domain_faults(path)
    for fault in faults:
        print(f"layers: {fault}", file=sys.stderr)
    print(f"layers: {len(packages)} crates, {len(domains)} domain files, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
