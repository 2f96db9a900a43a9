"""The log file; stderr can't be used while the dashboard draws on the terminal."""

import logging
import os
import sys
import threading
from pathlib import Path
from types import TracebackType

from platformdirs import user_state_path

MAX_SIZE = 1_000_000  # bytes; a new run truncates a larger file
_WRITER = "textual-output"  # the thread in which Textual writes to the terminal


def log_path() -> Path:
    """Return the path of the log: on Linux `~/.local/state/eksview/eksview.log`."""
    return user_state_path("eksview", appauthor=False) / "eksview.log"


def start_log(path: Path) -> str:
    """Log to a file that only its owner can read, and return its path.

    Return "" if the file can't be written; then nothing is logged.
    """
    logging.getLogger().handlers.clear()
    try:
        handler: logging.Handler = logging.FileHandler(_opened(path), encoding="utf-8")
    except OSError:
        handler, where = logging.NullHandler(), ""
    else:
        where = str(path)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.captureWarnings(capture=True)
    threading.excepthook = _thread_failed
    sys.unraisablehook = _unraisable
    return where


def _opened(path: Path) -> Path:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    flags = os.O_CREAT | os.O_WRONLY | os.O_NOFOLLOW
    handle = os.open(path, flags, 0o600)
    try:
        os.fchmod(handle, 0o600)  # an existing file may be readable by others
        if os.fstat(handle).st_size > MAX_SIZE:
            os.ftruncate(handle, 0)
    finally:
        os.close(handle)
    return path


def _thread_failed(args: threading.ExceptHookArgs) -> None:
    if isinstance(args.exc_value, OSError) and getattr(args.thread, "name", "") == _WRITER:
        logging.getLogger("eksview").warning("the terminal is gone: %s", args.exc_value.strerror)
        return
    failure: tuple[type[BaseException], BaseException, TracebackType | None] | None = None
    if args.exc_value is not None:
        failure = (args.exc_type, args.exc_value, args.exc_traceback)
    logging.getLogger("eksview.thread").error("a thread failed", exc_info=failure)


def _unraisable(args: "sys.UnraisableHookArgs") -> None:
    if isinstance(args.exc_value, BaseException):
        logging.getLogger("eksview").warning("ignored", exc_info=args.exc_value)
