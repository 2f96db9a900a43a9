"""Changes of a kubeconfig file, kept apart from those of kubectl by kubectl's own lock file.

Source: lockFile and WriteToFile of client-go/tools/clientcmd.
"""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from eksview.domain.base.clock import Sleep
from eksview.domain.base.errors import UserError
from eksview.domain.base.text import clean
from eksview.kube.client.kubeconfig.file import file_fault

TRIES, PAUSE = 30, 0.1  # of the lock, and seconds between: kubectl holds it for milliseconds


async def rewrite(
    path: Path, change: Callable[[bytes], bytes], sleep: Sleep = asyncio.sleep
) -> None:
    """Replace what a file holds by what `change` makes of it; the same bytes aren't written.

    Raises `UserError` where the file can't be written, also if nothing is to be written.
    """
    subject = f"the kubeconfig {clean(str(path))} can't be written"
    try:
        async with _locked(path, sleep):
            with path.open("r+b") as file:  # refused without the right to write
                held = file.read()
            if (changed := change(held)) != held:
                _replace(path, changed)
    except FileExistsError as error:
        raise UserError(
            f"{subject}: {clean(error.filename)} exists, so another command is writing it, or was "
            "interrupted; remove that file in the latter case."
        ) from None
    except (OSError, ValueError) as error:
        reason = file_fault(error) if isinstance(error, OSError) else clean(str(error))
        raise UserError(f"{subject}: {reason}.") from None


@asynccontextmanager
async def _locked(path: Path, sleep: Sleep) -> AsyncIterator[None]:
    """Hold the lock file; raises `FileExistsError` if another command holds it for too long."""
    lock = f"{path}.lock"
    for left in reversed(range(TRIES)):
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL, 0))
            break
        except FileExistsError:
            if not left:
                raise
            await sleep(PAUSE)
    try:
        yield
    finally:
        os.unlink(lock)


def _replace(path: Path, data: bytes) -> None:
    """Replace a file at once, with its mode and owner; where that can't be, write into it.

    It can't be for a file of another owner, with several names, or mounted into a container.
    """
    if path.stat().st_nlink == 1:
        with suppress(OSError):
            _replace_at_once(path.resolve(), data)
            return
    with path.open("r+b") as file:
        file.write(data)
        file.truncate()


def _replace_at_once(path: Path, data: bytes) -> None:
    of = path.stat()
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            if (of.st_uid, of.st_gid) != (os.geteuid(), os.getegid()):
                os.fchown(descriptor, of.st_uid, of.st_gid)
            os.fchmod(descriptor, of.st_mode & 0o7777)
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
