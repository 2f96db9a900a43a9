"""Records of the log: masked, one line for an error of AWS, and repeated ones counted."""

import logging
import re
from collections.abc import Callable

from eksview.domain.base.secrets import mask
from eksview.domain.base.text import visible

KINDS = 500  # different records whose repetitions are counted; with more, counting begins again
LONGEST = 300  # characters in which two records of a kind are compared
_NUMBER = re.compile(r"0x[0-9a-f]+|\d+")
_AWS = ("botocore", "aiobotocore", "boto3")


class MaskedFormatter(logging.Formatter):
    """Whole records without secrets, which libraries and tracebacks put there.

    Escape sequences are visible in them: a log is read on a terminal. botocore logs a traceback for
    each call without credentials; its last line says it all.
    """

    def format(self, record: logging.LogRecord) -> str:
        if record.exc_info and record.exc_info[1] and _of_aws(record, record.exc_info[1]):
            error = record.exc_info[1]
            reason = " ".join(str(error).split()) or "no reason given"
            changed = {"msg": f"{record.getMessage()} ({type(error).__name__}: {reason})"}
            unexplained = {"args": (), "exc_info": None, "exc_text": None}
            record = logging.makeLogRecord(record.__dict__ | changed | unexplained)
        return visible(mask(super().format(record)))


def _of_aws(record: logging.LogRecord, error: BaseException) -> bool:
    return record.name.startswith(_AWS) or type(error).__module__.startswith(_AWS)


class Repetitions:
    """The counts of warnings and errors that repeat: the 1st, 10th, 100th ... one is written.

    Two records are of a kind if they differ in numbers only.
    """

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str, str], int] = {}

    def written(self, record: logging.LogRecord) -> logging.LogRecord | None:
        """Return what to write of a record: itself, one with the count so far, or nothing."""
        if record.levelno < logging.WARNING:
            return record
        kind = _kind(record)
        if kind not in self._counts and len(self._counts) >= KINDS:
            self._counts.clear()
        count = self._counts[kind] = self._counts.get(kind, 0) + 1
        if count == 1:
            return record
        return _counted(record, count) if _is_power_of_ten(count) else None

    def report(self, write: Callable[[str], None]) -> None:
        """Write how often each record came that wasn't written with its last count."""
        for (name, text, _), count in self._counts.items():
            if not _is_power_of_ten(count):
                write(f"{name}: {text} ({count} times in all)")
        self._counts.clear()


def _is_power_of_ten(count: int) -> bool:
    return str(count).rstrip("0") == "1"


def _kind(record: logging.LogRecord) -> tuple[str, str, str]:
    error = record.exc_info[1] if record.exc_info else None
    text = mask(record.getMessage())[:LONGEST]
    return record.name, _NUMBER.sub("#", text), type(error).__name__


def _counted(record: logging.LogRecord, count: int) -> logging.LogRecord:
    text = f"{record.getMessage()} ({count} times so far)"
    changed = {"msg": text, "args": (), "exc_info": None, "exc_text": None, "stack_info": None}
    return logging.makeLogRecord(record.__dict__ | changed)
