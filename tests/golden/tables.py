"""The recorded objects and Table rows of a real kube-apiserver, for tests to compare with."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).parent
MINOR = 36


class Golden(NamedTuple):
    """What the server printed: each object with its row."""

    now: float
    columns: list[dict[str, Any]]
    printed: list[tuple[dict[str, Any], list[str]]]


def golden(resource: str) -> Golden:
    """Return the recording of `nodes` or `pods`."""
    read = json.loads((FOLDER / f"{resource}-1.36.json").read_text())
    now = datetime.fromisoformat(read["read_at"]).timestamp()
    return Golden(now, read["columns"], list(zip(read["items"], read["rows"], strict=True)))


def columns_of(path: str) -> list[dict[str, Any]]:
    """Return the columns that the server gave the Table at a path."""
    columns: list[dict[str, Any]] = json.loads((FOLDER / "columns-1.36.json").read_text())[path]
    return columns
