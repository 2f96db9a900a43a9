"""The kubeconfig's contexts, read beside the loops and kept while the files stay the same."""

import asyncio
import os
from collections.abc import Mapping

from msgspec.structs import replace

from eksview.config.settings import Settings
from eksview.domain.live.backend_protocol import ContextInfo
from eksview.engine.connect import kubeconfig_files, list_contexts


class ContextList:
    """The contexts of the settings' kubeconfig.

    YAML of 2,000 contexts takes a second, so that it is read in a thread, and again only after a
    file has changed.
    """

    def __init__(self, settings: Settings, environ: Mapping[str, str] = os.environ) -> None:
        self._settings = settings
        self._environ = environ
        self._read: tuple[object, tuple[ContextInfo, ...]] = (None, ())

    async def read(self, chosen: str | None = None) -> tuple[ContextInfo, ...]:
        """Return the contexts with the chosen one marked: for None the file's, for "" none.

        Raises `UserError` if a file can't be read.
        """
        contexts = await asyncio.to_thread(self._up_to_date)
        if chosen is None:
            return contexts
        return tuple(
            context
            if context.current == (context.name == chosen)
            else replace(context, current=not context.current)
            for context in contexts
        )

    def _up_to_date(self) -> tuple[ContextInfo, ...]:
        versions = [_version(path) for path in kubeconfig_files(self._settings, self._environ)]
        if versions != self._read[0]:
            self._read = versions, list_contexts(self._settings, self._environ)
        return self._read[1]


def _version(path: str | os.PathLike[str]) -> tuple[int, ...] | None:
    """Return what changes with a file's content; None for a file that can't be read."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):  # ValueError: a path with NUL
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns
