"""The log: a file of one's own, because the screen is taken."""

import logging
import os
import sys
import threading
from pathlib import Path
from types import TracebackType

from platformdirs import user_state_path

MOST = 1_000_000
"""Bytes from which on a new run begins the file anew."""
_WRITER = "textual-output"  # Textual's thread that writes to the terminal, by its name


def log_path() -> Path:
    """Return where the log is: on Linux `~/.local/state/eksview/eksview.log`."""
    return user_state_path("eksview", appauthor=False) / "eksview.log"


def start_log(path: Path) -> str:
    """Send all that is logged to a file that only its owner can read.

    Returns where it is, or "" where none can be written: then nothing is logged, since the only
    other place is the screen.
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
        os.fchmod(handle, 0o600)  # one that was there already may be open to others
        if os.fstat(handle).st_size > MOST:
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
