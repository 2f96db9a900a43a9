"""Files that a person saves: always new, readable by their owner only, in a folder that is said."""

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from platformdirs import user_data_path

from eksview.domain.base.errors import UserError
from eksview.domain.base.text import clean

LONGEST = 120  # characters of a title in a name; file systems take 255 bytes
TRIES = 100
_UNSAFE = re.compile(r"[^\w.@-]+")


def save_folder(chosen: str) -> Path:
    """Return the folder as an absolute path; by default `~/.local/share/eksview/saved` on Linux."""
    if chosen:
        return Path(os.path.abspath(os.path.expanduser(chosen)))
    return user_data_path("eksview", appauthor=False) / "saved"


def file_name(title: str, now: float, extension: str) -> str:
    """Return `prod-pods-20261127T181500Z.csv`; what isn't safe in a name is `_`."""
    stem = _UNSAFE.sub("_", title).strip("._-")[:LONGEST] or "eksview"
    return f"{stem}-{datetime.fromtimestamp(now, UTC):%Y%m%dT%H%M%SZ}.{extension}"


class NewFile:
    """A new file, written in pieces; every method raises only `UserError`."""

    def __init__(self, folder: Path, name: str) -> None:
        with _explained(folder):
            _make(folder)
            self.path, handle = _create(folder, name)
            self._file = open(handle, "w", encoding="utf-8")  # noqa: SIM115 - written in pieces

    def write(self, text: str) -> None:
        with _explained(self.path):
            self._file.write(text)

    def close(self) -> None:
        """Write what is buffered."""
        with _explained(self.path):
            self._file.close()

    def discard(self) -> None:
        """Remove a file that isn't whole."""
        with suppress(OSError):
            self._file.close()
        with suppress(OSError):
            self.path.unlink()


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except FileExistsError:
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR)) from None


def _create(folder: Path, name: str) -> tuple[Path, int]:
    """Create a file and never replace one, nor follow a link that has its name."""
    stem, dot, extension = name.rpartition(".")
    for number in range(TRIES):
        path = folder / f"{stem}{f'-{number}' if number else ''}{dot}{extension}"
        with suppress(FileExistsError):
            return path, os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    raise FileExistsError(17, "too many files of that name")


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UserError(f"Not saved in {clean(str(path))}: {reason}.") from None
