#!/usr/bin/env python3
"""Every reason code has a page, and every page a reason: docs/errors/REASON.md against the code.

A reason code is a string in the `fn reason` of a fault (`impl Fault for`). A page has the headings below, in
their order. Its gRPC code and its metadata keys must be some that the fault gives; which of the fault's
variants gives them is not checked. Runs alone: `.ci/checks/errors.py`.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = ROOT / "docs" / "errors"

HEADINGS = ["What happened", "Why", "What to do next", "Metadata"]
CODES = {
    "INVALID_ARGUMENT", "NOT_FOUND", "ALREADY_EXISTS", "FAILED_PRECONDITION", "ABORTED", "PERMISSION_DENIED",
    "UNAUTHENTICATED", "RESOURCE_EXHAUSTED", "UNAVAILABLE", "DEADLINE_EXCEEDED", "UNIMPLEMENTED", "INTERNAL",
}

FUNCTION = re.compile(r"\bfn (kind|reason|metadata)\(&self\)[^;{]*\{")
FAULT = re.compile(r"\bimpl (?:[\w:]+::)?Fault for (\w+) \{")
REASON = re.compile(r'"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)"')
KEY = re.compile(r'\(\s*"([a-z][a-z0-9_]*)"\s*,')
KIND = re.compile(r"\bErrorKind::(\w+)")


def block(text, start):
    """The text from an opening brace up to the one that closes it; strings of a fault hold none."""
    depth = 0
    for at in range(start, len(text)):
        depth += (text[at] == "{") - (text[at] == "}")
        if depth == 0:
            return text[start : at + 1]
    return text[start:]


def without_tests(text):
    """The code of a file, without comments and without its unit tests, which stand at its end."""
    text = re.sub(r"(?m)^\s*//[^\n]*", "", text)
    return re.split(r"#\[cfg\(test\)\]\s*(?:pub(?:\([a-z]+\))? )?mod \w+ \{", text)[0]


def snake(kind):
    """`NotFound` as gRPC writes it: `NOT_FOUND`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind).upper()


def faults():
    """Every fault of the code: where it stands, its reasons, its gRPC codes and its metadata keys."""
    for path in sorted(ROOT.glob("services/*/src/**/*.rs")):
        text = without_tests(path.read_text(encoding="utf-8"))
        for fault in FAULT.finditer(text):
            body = block(text, fault.end() - 1)
            parts = {match[1]: block(body, match.end() - 1) for match in FUNCTION.finditer(body)}
            yield (
                f"{path.relative_to(ROOT)}: {fault[1]}",
                set(REASON.findall(parts.get("reason", ""))),
                {snake(kind) for kind in KIND.findall(parts.get("kind", ""))},
                set(KEY.findall(parts.get("metadata", ""))),
            )


def page_faults(path, codes, keys):
    """What is wrong with a page, given the codes and the keys that its faults may use."""
    text = path.read_text(encoding="utf-8")
    here = path.relative_to(ROOT)
    lines = text.splitlines()
    if not lines or lines[0] != f"# {path.stem}":
        yield f"{here}: the first line must be `# {path.stem}`"
    found = re.findall(r"(?m)^## (.+)$", text)
    if found != HEADINGS:
        yield f"{here}: the headings must be {', '.join(HEADINGS)}"
    code = re.search(r"(?m)^gRPC code: `([A-Z_]+)`$", text)
    if not code or code[1] not in CODES:
        yield f"{here}: there must be a line such as gRPC code: `NOT_FOUND`"
    elif codes and code[1] not in codes:
        yield f"{here}: the code says {' or '.join(sorted(codes))}, not {code[1]}"
    told = re.findall(r"(?m)^- `([a-z][a-z0-9_]*)`", text.partition("## Metadata")[2])
    for key in sorted(set(told) - keys):
        yield f"{here}: no fault with this reason carries the metadata `{key}`"


def main():
    places, codes, keys, problems = {}, {}, {}, []
    for place, reasons, kinds, found in faults():
        for reason in reasons:
            places.setdefault(reason, []).append(place)
            codes.setdefault(reason, set()).update(kinds)
            keys.setdefault(reason, set()).update(found)
    pages = {path.stem: path for path in sorted(PAGES.glob("*.md")) if path.stem != "README"}
    for reason in sorted(places.keys() - pages.keys()):
        problems.append(f"{reason} ({', '.join(places[reason])}) has no page docs/errors/{reason}.md")
    for reason in sorted(pages.keys() - places.keys()):
        problems.append(f"docs/errors/{reason}.md: no code has this reason")
    for reason in sorted(pages.keys() & places.keys()):
        problems += page_faults(pages[reason], codes[reason], keys[reason])
    if not places:
        problems.append("no reason was found: does the code still say `impl Fault for`?")
    for problem in problems:
        print(f"errors: {problem}", file=sys.stderr)
    print(f"errors: {len(places)} reasons, {len(pages)} pages, {len(problems)} faults")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
