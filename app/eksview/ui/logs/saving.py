"""Writing the lines of a log into a file."""

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from platformdirs import user_data_path

from eksview.domain.base.errors import UserError
from eksview.domain.base.text import clean

UNSAFE = str.maketrans(dict.fromkeys(' /\\:*?"<>|', "_"))


def log_folder() -> Path:
    """Return the folder of saved logs: on Linux `~/.local/share/eksview/logs`."""
    return user_data_path("eksview", appauthor=False) / "logs"


def save_lines(folder: Path, title: str, now: float, lines: Iterable[str]) -> Path:
    """Write lines into a new file that only its owner can read; raise `UserError` with a reason."""
    time = datetime.fromtimestamp(now, UTC).strftime("%Y%m%d-%H%M%S")
    stem = f"{title.translate(UNSAFE)[:120]}-{time}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for number in range(100):
            path = folder / f"{stem}{f'-{number}' if number else ''}.log"
            try:
                handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:
                continue
            with open(handle, "w", encoding="utf-8") as file:
                file.writelines(f"{line}\n" for line in lines)
            return path
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UserError(f"The log can't be saved in {clean(str(folder))}: {reason}.") from None
    raise UserError(f"The log can't be saved: {clean(str(folder))} has too many files of its name.")
