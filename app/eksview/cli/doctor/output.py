"""What `eksview doctor` prints: lines with marks, or JSON."""

import json
from typing import Any, TextIO

from eksview.cli.kubectl_format import escaped_json
from eksview.domain.access.access_step import AccessStep
from eksview.domain.base.health import Health
from eksview.domain.base.text import clean

MARKS = {
    Health.OK: ("✔", "ok"),
    Health.WARN: ("▲", "!!"),
    Health.BAD: ("✖", "XX"),
    Health.UNKNOWN: ("○", "??"),
}
"""The marks, in Unicode and in ASCII."""


def json_text(document: dict[str, Any], *, ascii_only: bool) -> str:
    """Return a document as indented JSON that is safe on a terminal."""
    text = json.dumps(document, indent=2, ensure_ascii=ascii_only)
    return escaped_json(text) + "\n"


def print_lines(steps: tuple[AccessStep, ...], out: TextIO, *, ascii_only: bool) -> None:
    """Write a line for each step, and what to do about the broken ones."""
    width = max(len(step.title) for step in steps)
    arrow = "->" if ascii_only else "→"
    for step in steps:
        mark = MARKS[step.state][ascii_only]
        took = "" if step.took is None else f"  ({step.took * 1000:.0f} ms)"
        out.write(f"{mark} {step.title.ljust(width)}  {step.says}{took}\n")
        for text in step.todo if step.state is Health.BAD else ():  # --json has all of them
            for number, line in enumerate(text.rstrip("\n").split("\n")):
                lead = arrow if number == 0 else " " * len(arrow)
                out.write(f"{' ' * (width + 4)}{lead} {clean(line)}\n")


def print_json(steps: tuple[AccessStep, ...], out: TextIO, *, ascii_only: bool) -> None:
    """Write the steps as JSON, with their evidence."""
    document = {
        "ok": not any(step.state is Health.BAD for step in steps),
        "steps": [
            {
                "id": step.id,
                "title": step.title,
                "state": step.state.value,
                "says": step.says,
                "seconds": None if step.took is None else round(step.took, 4),
                "evidence": [{"name": name, "text": text} for name, text in step.evidence],
                "todo": list(step.todo),
            }
            for step in steps
        ],
    }
    out.write(json_text(document, ascii_only=ascii_only))
