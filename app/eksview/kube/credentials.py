"""The bearer token or client certificate to use now, renewed before it ends."""

import asyncio
from collections.abc import Awaitable, Callable
from time import time

from eksview.domain.clock import Clock
from eksview.domain.ports import Problem
from eksview.kube.access import Access, Exec
from eksview.kube.exec_plugin import Credential, run

EARLY = 60.0  # seconds before its end in which a credential is no longer handed out
Runner = Callable[[Exec, Access], Awaitable[Credential]]


class Credentials:
    """One per connection. Plugins run one at a time; a token file is read when it changes."""

    def __init__(self, access: Access, clock: Clock = time, runner: Runner = run) -> None:
        self._access = access
        self._clock = clock
        self._runner = runner
        self._lock = asyncio.Lock()
        self._held: Credential | None = None
        self._file: tuple[float, str] = (-1.0, "")

    @property
    def expires(self) -> float | None:
        """When what is held ends, as far as the plugin said."""
        return self._held.expires if self._held else None

    @property
    def renewable(self) -> bool:
        """Whether asking again could bring anything new."""
        return self._access.exec is not None or self._access.token_file is not None

    async def current(self) -> Credential:
        """What to authenticate with; `Problem` when it can't be had."""
        access = self._access
        if access.exec is not None:
            return await self._from_plugin(access.exec)
        token = self._from_file() if access.token_file is not None else access.token
        return Credential(token=token, certificate=access.certificate, key=access.key)

    async def renew(self, refused: Credential) -> bool:
        """Forget what was refused; True if something else could be got instead."""
        if self._held is refused:
            self._held = None
        self._file = (-1.0, "")
        if not self.renewable:
            return False
        return await self.current() != refused

    async def _from_plugin(self, plugin: Exec) -> Credential:
        async with self._lock:
            held = self._held
            if held is None or self._ends(held):
                self._held = held = await self._runner(plugin, self._access)
            return held

    def _ends(self, held: Credential) -> bool:
        return held.expires is not None and held.expires - EARLY <= self._clock()

    def _from_file(self) -> str:
        path = self._access.token_file
        assert path is not None  # noqa: S101 - the caller looked
        try:
            changed = path.stat().st_mtime
            if changed != self._file[0]:
                self._file = (changed, path.read_text().strip())
        except OSError as error:
            raise Problem(f"The token file {path} can't be read: {error.strerror}.") from None
        return self._file[1]
