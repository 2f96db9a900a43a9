"""The bearer token or client certificate to use now, renewed before it ends."""

import asyncio
from base64 import b64encode
from functools import partial
from pathlib import Path
from time import time

from eksview.config.file_bytes import file_bytes
from eksview.domain.base.clock import Clock
from eksview.domain.base.errors import UserError, explained
from eksview.kube.client.cluster_access import ClusterAccess
from eksview.kube.client.exec_plugin import Credential, run
from eksview.kube.client.id_token import EARLY as ID_TOKEN_EARLY
from eksview.kube.client.id_token import IdTokens
from eksview.kube.client.kubeconfig.file import file_fault
from eksview.kube.client.plugin_runs import Get, PluginRuns, Runner

EARLY = 60.0  # seconds before its end in which a credential is no longer handed out;
SOON = 0.1  # for short-lived ones this part of their life instead, or each request would run it


class Credentials:
    """Credentials of a connection: plugins run one at a time, a changed token file is read."""

    def __init__(
        self,
        access: ClusterAccess,
        clock: Clock = time,
        runner: Runner = run,
        runs: PluginRuns | None = None,
    ) -> None:
        self._access = access
        self._clock = clock
        self._runner = runner
        self._lock = asyncio.Lock()
        self._held: Credential | None = None
        self._id_tokens = IdTokens(access, clock)
        self._longest_early = ID_TOKEN_EARLY if access.id_token else EARLY
        self._early = self._longest_early
        self._runs = runs or PluginRuns()
        self._file: tuple[float, str] = (-1.0, "")

    @property
    def took(self) -> float | None:
        """Return the seconds the plugin ran for, the last time."""
        return self._runs.took

    @property
    def expires(self) -> float | None:
        """Return when the credential ends, as far as it is known."""
        return self._held.expires if self._held else None

    @property
    def renewable(self) -> bool:
        """Return whether a new credential may differ."""
        access = self._access
        return any((access.exec, access.token_file, access.id_token))

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return every token and password held now."""
        access, held = self._access, self._held.token if self._held else ""
        pair = f"{access.username}:{access.password}".encode()
        basic = b64encode(pair).decode() if access.username else ""
        return tuple(filter(None, (held, self._file[1], access.token, access.password, basic)))

    async def current(self) -> Credential:
        """Return the credential, or raise `UserError`."""
        with explained("Getting credentials"):
            return await self._current(self._access)

    async def _current(self, access: ClusterAccess) -> Credential:
        if access.exec is not None:
            return await self._renewed_early(partial(self._runner, access.exec, access))
        if access.id_token is not None:
            return await self._renewed_early(partial(self._id_tokens.get, access.id_token))
        token = access.token
        if access.token_file is not None:
            token = self._from_file(access.token_file)
        return Credential(token=token, certificate=access.certificate, key=access.key)

    async def renew(self, refused: Credential) -> bool:
        """Forget a refused credential; returns whether there is another."""
        if self._held is refused:
            if self._runs.resting:
                return False  # its last run gave nothing better
            self._held = None
        self._file = (-1.0, "")
        if not self.renewable:
            return False
        return await self.current() != refused

    async def _renewed_early(self, get: Get) -> Credential:
        async with self._lock:
            if self._held is None:
                self._keep(await self._runs.run(get))
            elif self._ends(self._held, self._early):
                self._keep(await self._renewed(get, self._held))
            assert self._held is not None  # noqa: S101 - one of the two has kept it
            return self._held

    def _keep(self, credential: Credential) -> None:
        if credential is not self._held and credential.expires is not None:
            life = credential.expires - self._clock()
            self._early = min(self._longest_early, SOON * max(0.0, life))
        self._held = credential

    async def _renewed(self, get: Get, held: Credential) -> Credential:
        if self._runs.resting and not self._runs.failed:
            return held  # its credentials expire too soon to be of use
        try:
            return await self._runs.run(get)
        except UserError:
            if self._ends(held, 0.0):
                raise
            return held  # good for a little longer; asked again with the next request

    def _ends(self, held: Credential, early: float) -> bool:
        return held.expires is not None and held.expires - early <= self._clock()

    def _from_file(self, path: Path) -> str:
        """Return the token in a file, or the one beside it as long as the file has none."""
        try:
            changed = path.stat().st_mtime
            if changed != self._file[0]:
                self._file = (changed, file_bytes(path).decode("utf-8").strip())
            fault = "" if self._file[1] else "it is empty"
        except UnicodeDecodeError:
            fault = "it isn't text in UTF-8"
        except (OSError, ValueError) as error:  # ValueError: a path with NUL
            fault = file_fault(error)
        if not fault:
            return self._file[1]
        if self._access.token:
            return self._access.token
        raise UserError(f"The token file {path} can't be read: {fault}.")
