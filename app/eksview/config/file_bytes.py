"""The reading of files that a user names, which may be pipes: `--kubeconfig <(sops -d file)`."""

import errno
import os
import select
import stat
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

LIMIT = 5.0  # seconds for what writes to a pipe
MOST = 64 * 2**20  # bytes of what has no size; /dev/zero has no end
_PIECE = 65_536


def file_bytes(path: Path, limit: float = LIMIT) -> bytes:
    """Return all bytes of a file; a pipe is read to its end.

    Raises `OSError`, also for a pipe that doesn't end within `limit` seconds, and `ValueError` for
    a path with NUL.
    """
    # Opening a FIFO would wait for a writer, and opening a terminal would adopt it.
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    with os.fdopen(handle, "rb", buffering=0) as file:
        if stat.S_ISREG(os.fstat(handle).st_mode):
            return file.readall()
        return b"".join(_pieces(handle, limit))


def regular_bytes(path: Path, most: int) -> bytes:
    """Return all bytes of a regular file, without waiting for a writer of anything else.

    Raises `OSError`, also for another kind of file and for more than `most` bytes.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    with os.fdopen(handle, "rb", buffering=0) as file:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "it isn't a regular file")
        if status.st_size > most:
            raise OSError(errno.EFBIG, f"it is larger than {most // 1024} KiB")
        return file.read(most)


def _pieces(handle: int, limit: float) -> Iterator[bytes]:
    """Yield what is written to a pipe until its writers have closed it."""
    end, size = monotonic() + limit, 0
    ready = select.poll()
    ready.register(handle, select.POLLIN)
    while ready.poll(max(0.0, end - monotonic()) * 1000):
        piece = os.read(handle, _PIECE)
        if not piece:
            return
        size += len(piece)
        if size > MOST:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
        yield piece
    raise OSError(errno.ETIMEDOUT, f"it is a pipe that didn't end within {limit:g} s")
