"""Asks the API server how it is, on a period, and who it thinks we are."""

import asyncio
from itertools import count
from time import time
from typing import Any

import msgspec

from eksview.domain.access import error_messages
from eksview.domain.base.clock import Clock
from eksview.domain.base.problem import UserError
from eksview.domain.base.reading import Permission, Read, ReadFailed, Reading, Refused
from eksview.domain.kube.healthz import parse_checks
from eksview.domain.live.facts import FactKey, Facts, FactSet
from eksview.domain.live.messages import Sink
from eksview.domain.live.trust import HEALTH
from eksview.domain.rows.link import Phase
from eksview.domain.rows.server import Identity, Probe, ServerVersion
from eksview.kube.client.connection import Connection, Response
from eksview.kube.client.errors import RequestError, from_answer
from eksview.kube.watch.link_reporter import LinkReporter
from eksview.kube.watch.reflector import Sleep

PERIOD = 5.0  # seconds between two looks at the health endpoints
LIMIT = 4.0  # seconds for an answer: a health endpoint that takes longer isn't healthy
VERSION_EVERY = 12  # of those periods
FINAL = (401, 403, 404)  # answers that asking again wouldn't change
REVIEW = Permission("create", "selfsubjectreviews", "authentication.k8s.io")
REVIEWS = "/apis/authentication.k8s.io/v1/selfsubjectreviews"


class Probes:
    """One loop for all endpoints; what one of them says never keeps another from being asked."""

    def __init__(
        self,
        connection: Connection,
        sink: Sink,
        *,
        sleep: Sleep = asyncio.sleep,
        clock: Clock = time,
    ) -> None:
        self._connection = connection
        self._sink = sink
        self._sleep = sleep
        self._clock = clock
        self._teller = LinkReporter(HEALTH, sink, clock)
        self._identified: float | None = -1.0  # the end of the credentials last asked about

    async def run(self) -> None:
        """Probe until cancelled."""
        try:
            for number in count():
                await self.once(with_version=number % VERSION_EVERY == 0)
                await self._sleep(PERIOD)
        finally:
            self._teller.hush()

    async def once(self, *, with_version: bool = True) -> None:
        """Ask everything once."""
        ready, _ = await asyncio.gather(self._health(Facts.readyz), self._health(Facts.livez))
        self._judge(ready)
        if ready.status is None:
            return
        if with_version:
            await self._version()
        if self._identified != self._connection.expires:
            await self._identify()

    def _judge(self, ready: Probe) -> None:
        if ready.status is not None:
            self._teller.phase(Phase.LIVE, heard=self._clock())
        else:
            self._teller.retrying(ready.why, PERIOD)

    async def _health(self, key: FactKey[Probe]) -> Probe:
        probe = await self._probed(key.name)
        self._sink.send(FactSet(key, Read(probe, probe.at)))
        return probe

    async def _probed(self, name: str) -> Probe:
        path = f"/{name}"
        try:
            answer = await self._connection.ask(
                path, {"verbose": "true"}, accept="text/plain, */*", limit=LIMIT
            )
        except UserError as problem:
            return Probe(name, self._clock(), None, why=str(problem))
        return self._read(name, answer)

    def _read(self, name: str, answer: Response) -> Probe:
        text = answer.body.decode(errors="replace")
        checks = parse_checks(text)
        known = bool(checks) or (answer.status == 200 and text.strip() == "ok")
        failed = None if known else self._refusal(answer)
        return Probe(
            name=name,
            at=self._clock(),
            ok=answer.status == 200 if known else _guess(answer.status),
            latency=answer.latency,
            status=answer.status,
            checks=checks,
            why=str(failed) if failed else "",
            missing=Permission("get", f"/{name}") if answer.status == 403 else None,
        )

    def _refusal(self, answer: Response) -> RequestError:
        return from_answer(
            answer.status,
            answer.body,
            answer.content_type,
            None,
            server=self._connection.access.server,
            user=self._connection.access.user,
        )

    async def _version(self) -> None:
        try:
            said = await self._connection.get_json("/version", limit=LIMIT)
            version = ServerVersion(
                git=str(said.get("gitVersion") or ""),
                major=str(said.get("major") or ""),
                minor=str(said.get("minor") or ""),
                platform=str(said.get("platform") or ""),
            )
        except (UserError, msgspec.DecodeError, AttributeError):
            return  # the health endpoints tell what is wrong; the version is asked again
        self._sink.send(FactSet(Facts.version, Read(version, self._clock())))

    async def _identify(self) -> None:
        """Kubernetes 1.28 and later know the answer; older ones say 404."""
        body = {"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"}
        try:
            review: Any = await self._connection.post_json(REVIEWS, body, limit=LIMIT)
            info = review["status"]["userInfo"]
            user, groups = str(info.get("username") or ""), tuple(info.get("groups") or ())
        except RequestError as failed:
            if failed.failure.status not in FINAL:
                return  # a bad moment: asked again with the next look
            self._unidentified(str(failed), refused=failed.failure.status == 403)
        except UserError as problem:
            self._unidentified(str(problem))
        except (msgspec.DecodeError, KeyError, TypeError, AttributeError):
            server = self._connection.access.server
            self._unidentified(error_messages.not_kubernetes(200, "", server=server))
        else:
            identity = Identity(user, groups, self._connection.expires)
            self._tell_identity(Read(identity, self._clock()))

    def _unidentified(self, why: str, *, refused: bool = False) -> None:
        """Report that the server named no user; when the token ends is known all the same."""
        now, last = self._clock(), Identity("", (), self._connection.expires)
        self._tell_identity(
            Refused(why, REVIEW, now, last) if refused else ReadFailed(why, now, last)
        )

    def _tell_identity(self, reading: Reading[Identity]) -> None:
        self._identified = self._connection.expires
        self._sink.send(FactSet(Facts.identity, reading))


def _guess(status: int) -> bool | None:
    """The health behind an answer that isn't the endpoint's own: never good.

    A login page comes as a 200, and who may not look learns nothing.
    """
    return None if status in (200, 401, 403, 404) else False
