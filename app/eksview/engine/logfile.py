"""The log file: what libraries and threads report never reaches the terminal.

The dashboard draws there, and a command without a screen prints one sentence, not a traceback.
"""

import io
import logging
import os
import sys
import threading
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from platformdirs import user_state_path

from eksview.engine.log_records import MaskedFormatter, Repetitions

MAX_SIZE = 1_000_000  # bytes; a larger file becomes `eksview.log.1`, and the former one is deleted
FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_WRITER = "textual-output"  # the thread in which Textual writes to the terminal


def log_path() -> Path:
    """Return the path of the log: on Linux `~/.local/state/eksview/eksview.log`."""
    return user_state_path("eksview", appauthor=False) / "eksview.log"


def start_log(path: Path) -> str:
    """Log to a file that only its owner can read, and return its path.

    Return "" if the file can't be written; then nothing is logged.
    """
    root = logging.getLogger()
    for former in root.handlers[:]:
        root.removeHandler(former)
        if isinstance(former, PrivateLog):
            former.close()
    try:
        handler: logging.Handler = PrivateLog(path)
    except OSError:
        handler, where = logging.NullHandler(), ""
    else:
        where = str(path)
        handler.setFormatter(MaskedFormatter(FORMAT))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.captureWarnings(capture=True)
    threading.excepthook = _thread_failed
    sys.unraisablehook = _unraisable
    return where


class PrivateLog(RotatingFileHandler):
    """Two files at most, which only their owner can read and which aren't links.

    What repeats is written once with its count, the last one when the log is closed.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        super().__init__(path, maxBytes=MAX_SIZE, backupCount=1, encoding="utf-8")
        self._repetitions = Repetitions()

    def emit(self, record: logging.LogRecord) -> None:
        written = self._repetitions.written(record)
        if written is not None:
            super().emit(written)

    def close(self) -> None:
        self._repetitions.report(self._write)
        super().close()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Lose a record that can't be written, as to a full disk: stderr is the screen."""

    def _write(self, text: str) -> None:
        super().emit(logging.LogRecord("eksview", logging.WARNING, "", 0, text, (), None))

    def _open(self) -> io.TextIOWrapper:
        flags = os.O_CREAT | os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW
        handle = os.open(self.baseFilename, flags, 0o600)
        os.fchmod(handle, 0o600)  # an existing file may be readable by others
        return os.fdopen(handle, "a", encoding=self.encoding, errors=self.errors)


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
