"""Sentences held to a file that people read: one line for each case, in the order of the cases.

After a change of wording, `SENTENCES=write pytest ...` writes the file again; read its diff.
"""

import os
from collections.abc import Iterable
from pathlib import Path


def hold_to(path: Path, lines: Iterable[str]) -> None:
    """Fail unless these lines are the file's."""
    text = "".join(f"{line}\n" for line in lines)
    if os.environ.get("SENTENCES") == "write":
        path.write_text(text)
    assert text.splitlines() == path.read_text().splitlines()
