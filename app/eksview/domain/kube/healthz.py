"""The lines of `/readyz?verbose` and `/livez?verbose`.

Source: Kubernetes "API server health endpoints": `[+]name ok`, `[-]name failed: reason withheld`.
"""

import re

from eksview.domain.rows.server import Check

_LINE = re.compile(r"\[(?P<mark>[+-])\](?P<name>\S+)(?: (?P<said>.*))?")


def parse_checks(text: str) -> tuple[Check, ...]:
    """Every check in the order of the server; other lines are passed over."""
    found = []
    for line in text.splitlines():
        match = _LINE.fullmatch(line.strip())
        if match:
            said = match["said"] or ""
            ok = match["mark"] == "+"
            found.append(Check(match["name"], ok, "" if ok and said == "ok" else said))
    return tuple(found)
