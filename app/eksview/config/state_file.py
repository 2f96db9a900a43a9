"""What eksview keeps from one start to the next, apart from what the user writes."""

import logging
import os
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct
from platformdirs import user_state_path

from eksview.config.file_bytes import regular_bytes

LIMIT = 262_144  # bytes
_log = logging.getLogger(__name__)


class State(Struct, frozen=True):
    """The commands of the key `:`, the oldest first, and the screen that was shown last."""

    history: tuple[str, ...] = ()
    view: str = ""


def state_path() -> Path:
    """Return the path of the state: on Linux `~/.local/state/eksview/state.json`."""
    return user_state_path("eksview", appauthor=False) / "state.json"


def read_state(path: Path) -> State:
    """Return the state; an empty one for no file, and for a broken one, with a note in the log."""
    try:
        return msgspec.json.decode(regular_bytes(path, LIMIT), type=State, strict=True)
    except (FileNotFoundError, NotADirectoryError):
        return State()
    except (OSError, ValueError) as error:  # msgspec's errors are ValueErrors
        _log.warning("%s is ignored: %s", path, error)
        return State()


def write_state(path: Path, state: State) -> None:
    """Replace the state in one step; a failure is a note in the log."""
    new = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new.touch(mode=0o600)  # the commands are nobody else's to read
        new.write_bytes(msgspec.json.encode(state))
        new.replace(path)
    except OSError as error:
        _log.warning("%s can't be written: %s", path, error)
        with suppress(OSError):
            new.unlink(missing_ok=True)
