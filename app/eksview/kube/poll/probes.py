"""Probes of the API server's health, version and of who we are to it."""

import asyncio
import re
from collections.abc import Callable
from enum import IntEnum
from itertools import count
from logging import getLogger
from random import random
from time import time

import msgspec

from eksview.domain.access import error_messages
from eksview.domain.base.clock import Clock, Sleep
from eksview.domain.base.errors import UserError
from eksview.domain.base.reading import Permission, Read, ReadFailed, Reading, Refused
from eksview.domain.base.secrets import mask
from eksview.domain.base.text import EMPTY, Clean, clean, shared
from eksview.domain.live.facts import FactKey, Facts, FactSet
from eksview.domain.live.messages import Sink
from eksview.domain.live.trust import HEALTH
from eksview.domain.rows.link import Phase
from eksview.domain.rows.server import Check, Identity, Probe, ServerVersion
from eksview.kube.access.self_review import named, user_info
from eksview.kube.client.connection import Connection
from eksview.kube.client.errors import RequestError, as_request_error
from eksview.kube.client.response import Response
from eksview.kube.watch.link_reporter import LinkReporter
from eksview.kube.watch.recovery import Recovery

PERIOD = 5.0  # seconds between two probes
RECHECK = 1.0  # seconds, and up to a half more, between two checks of a server that is away
RECHECKS = 4  # between two probes
LONG_OUTAGE = 300.0  # seconds, after which a server that is away is only probed
LIMIT = 6.0  # seconds for an answer: two checks of a dead etcd take the API server 4.1 s
REACH_LIMIT = 4.0  # seconds for /livez/ping, which waits for nothing
VERSION_EVERY = 12  # of those periods
LOG = getLogger(__name__)
FINAL = (401, 403, 404)  # answers that asking again wouldn't change
REVIEW = Permission("create", "selfsubjectreviews", "authentication.k8s.io")
_LINE = re.compile(r"\[(?P<mark>[+-])\](?P<name>\S+)(?: (?P<detail>.*))?")


class _State(IntEnum):
    """The state of an API server, from worse to better."""

    AWAY = 0
    UNREADY = 1  # it answers, but is starting or stopping
    READY = 2


def _state(status: int | None) -> _State:
    """Return the state by the status of /readyz; refused means ready, as far as can be seen."""
    if status is None:
        return _State.AWAY
    return _State.UNREADY if status >= 500 else _State.READY


def parse_checks(text: str) -> tuple[Check, ...]:
    """Return every check of `/readyz?verbose`, in the server's order; ignore other lines.

    Source: Kubernetes "API server health endpoints": `[+]name ok`, `[-]name failed: reason`.
    """
    checks = []
    for line in text.splitlines():
        match = _LINE.fullmatch(line.strip())
        if match:
            detail = clean(match["detail"] or "")
            ok = match["mark"] == "+"
            shown = EMPTY if ok and detail == "ok" else detail
            checks.append(Check(shared(match["name"]), ok, shown))
    return tuple(checks)


class Probes:
    """A loop over all endpoints; a failed one doesn't stop the others."""

    def __init__(
        self,
        connection: Connection,
        sink: Sink,
        *,
        sleep: Sleep = asyncio.sleep,
        clock: Clock = time,
        chance: Callable[[], float] = random,
        recovery: Recovery | None = None,
    ) -> None:
        self._connection = connection
        self._sink = sink
        self._sleep = sleep
        self._clock = clock
        self._chance = chance
        self._recovery = recovery or Recovery()
        self._state = _State.READY
        self._lost_at: float | None = None  # when the outage began
        self._link = LinkReporter(HEALTH, sink, clock)
        self._identified: float | None = -1.0  # the end of the credentials last asked about

    async def run(self) -> None:
        try:
            for number in count():
                await self._probe_safely(with_version=number % VERSION_EVERY == 0)
                await self._rest()
        finally:
            self._link.stop()

    async def _probe_safely(self, *, with_version: bool) -> None:
        """Probe; report an unforeseen error as a failure of the link."""
        try:
            await self.once(with_version=with_version)
        except Exception as error:  # a probe that ended unreported would leave the health live
            server = self._connection.access.server
            failed = as_request_error(error, HEALTH, server=server, log=LOG)
            self._link.retrying(failed.sentence, PERIOD)

    async def _rest(self) -> None:
        """Wait for the next probe, and check in between whether a server that is away is back."""
        if self._lost_at is None or self._clock() - self._lost_at > LONG_OUTAGE:
            await self._sleep(PERIOD)
            return
        for _ in range(RECHECKS):
            await self._sleep(RECHECK * (1.0 + 0.5 * self._chance()))
            if await self._recheck() > self._state:
                return

    async def _recheck(self) -> "_State":
        """Return the server's state by one plain request."""
        try:
            answer = await self._connection.ask("/readyz", accept="text/plain, */*", limit=LIMIT)
        except UserError:
            return _State.AWAY
        return _state(answer.status)

    def _follow(self, state: "_State") -> None:
        """Report the beginning and the end of an outage."""
        before, self._state = self._state, state
        if state is _State.READY:
            self._lost_at = None
        elif self._lost_at is None:
            self._lost_at = self._clock()
            self._recovery.lost()
        if state > before:
            self._recovery.recovered()

    async def once(self, *, with_version: bool = True) -> None:
        reaching = asyncio.create_task(self._reach())
        ready, live = await asyncio.gather(
            self._health(Facts.readyz, reaching), self._health(Facts.livez, reaching)
        )
        reached = await reaching
        if reached.status is None and (answered := ready.status or live.status) is not None:
            reached = msgspec.structs.replace(reached, status=answered)
            self._judge(reached)
        hangs = ready.status is None and reached.status is not None
        self._follow(_State.UNREADY if hangs else _state(ready.status))
        if ready.status is None:
            return
        if with_version:
            await self._version()
        if self._identified != self._connection.expires:
            await self._identify()

    def _judge(self, reached: Probe) -> None:
        if reached.status is not None:
            self._link.phase(Phase.LIVE, heard=self._clock())
        else:
            self._link.retrying(reached.reason, PERIOD)

    async def _reach(self) -> Probe:
        """Probe the way to the API server, which is fine while its storage isn't."""
        probe = await self._probed("ping", "/livez/ping", REACH_LIMIT)
        self._judge(probe)
        self._sink.send(FactSet(Facts.ping, Read(probe, probe.at)))
        return probe

    async def _health(self, key: FactKey[Probe], reaching: asyncio.Task[Probe]) -> Probe:
        path = f"/{key.name}"
        probe = await self._probed(key.name, path, LIMIT)
        if probe.status is None and (await reaching).status is not None:
            server = self._connection.access.server
            reason = error_messages.unhealthy(path, LIMIT, server=server)
            probe = msgspec.structs.replace(probe, reason=clean(reason))
        self._sink.send(FactSet(key, Read(probe, probe.at)))
        return probe

    async def _probed(self, name: str, path: str, limit: float) -> Probe:
        try:
            answer = await self._connection.ask(
                path, {"verbose": "true"}, accept="text/plain, */*", limit=limit
            )
        except UserError as problem:
            sent = isinstance(problem, RequestError)
            return Probe(name, self._clock(), None, reason=problem.sentence, asked=sent)
        return self._read(name, path, answer)

    def _read(self, name: str, path: str, answer: Response) -> Probe:
        text = mask(answer.body.decode(errors="replace"), self._connection.secrets)
        checks = parse_checks(text)
        readable = bool(checks) or (answer.status == 200 and text.strip() == "ok")
        failed = None if readable else self._connection.error_of(answer)
        return Probe(
            name=name,
            at=self._clock(),
            ok=answer.status == 200 if readable else _guess(answer.status),
            latency=answer.latency,
            status=answer.status,
            checks=checks,
            reason=failed.sentence if failed else EMPTY,
            missing=Permission("get", path) if answer.status == 403 else None,
        )

    async def _version(self) -> None:
        try:
            version_info = await self._connection.get_json("/version", limit=LIMIT)
            version = ServerVersion(
                git=clean(str(version_info.get("gitVersion") or "")),
                major=clean(str(version_info.get("major") or "")),
                minor=clean(str(version_info.get("minor") or "")),
                platform=clean(str(version_info.get("platform") or "")),
            )
        except (UserError, msgspec.DecodeError, AttributeError):
            return  # the health endpoints report what is wrong
        self._sink.send(FactSet(Facts.version, Read(version, self._clock())))

    async def _identify(self) -> None:
        """Request who we are; Kubernetes before 1.28 answers 404."""
        try:
            info = await user_info(self._connection, LIMIT)
            user, groups = named(info)
        except RequestError as failed:
            if failed.failure.status not in FINAL:
                return  # requested again with the next probe
            self._unidentified(failed.sentence, refused=failed.failure.status == 403)
        except UserError as problem:
            self._unidentified(problem.sentence)
        except (msgspec.DecodeError, KeyError, TypeError, AttributeError):
            server = self._connection.access.server
            reason = error_messages.not_kubernetes(200, "", server=server)
            self._unidentified(clean(reason))
        else:
            identity = Identity(user, groups, self._connection.expires)
            self._send_identity(Read(identity, self._clock()))

    def _unidentified(self, reason: Clean, *, refused: bool = False) -> None:
        """Report that the server named no user; when the token ends is known all the same."""
        now, last = self._clock(), Identity(EMPTY, (), self._connection.expires)
        self._send_identity(
            Refused(reason, REVIEW, now, last) if refused else ReadFailed(reason, now, last)
        )

    def _send_identity(self, reading: Reading[Identity]) -> None:
        self._identified = self._connection.expires
        self._sink.send(FactSet(Facts.identity, reading))


def _guess(status: int) -> bool | None:
    """Return the health by an answer of something else: a login page is a 200, a 403 unknown."""
    return None if status in (200, 401, 403, 404) else False
