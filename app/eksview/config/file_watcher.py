"""A watch of one file by its status, in a thread: a folder that hangs holds up nothing else."""

import os
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from typing import Generic, TypeVar

T = TypeVar("T")

PERIOD = 1.0  # seconds; a look takes some microseconds and wakes no other thread


class FileWatcher(Generic[T]):
    """A thread that reads a file once it has changed and then stayed the same for a period.

    An editor that empties a file before it writes it, or puts another in its place, is seen once.
    """

    def __init__(self, path: Path, read: Callable[[Path], T], period: float = PERIOD) -> None:
        self._path = path
        self._read = read
        self._period = period
        self._ended = Event()
        self._known = signature(path)

    def start(self, changed: Callable[[T], None]) -> None:
        """Call `changed` in the thread with what was read, for each change from now on."""
        # A daemon: one that waits for a file server must not hold up the end of the program.
        Thread(target=self._run, args=(changed,), name="config-file", daemon=True).start()

    def stop(self) -> None:
        self._ended.set()

    def _run(self, changed: Callable[[T], None]) -> None:
        known = before = self._known
        while not self._ended.wait(self._period):
            now = signature(self._path)
            if now == before != known:
                known = now
                changed(self._read(self._path))
            before = now


def signature(path: Path) -> tuple[int, ...]:
    """Return what differs between two states of a file; its error's number where it has none."""
    try:
        status = os.stat(path)
    except OSError as error:
        return (error.errno or 0,)
    except ValueError:
        return ()
    return status.st_mode, status.st_ino, status.st_dev, status.st_size, status.st_mtime_ns
