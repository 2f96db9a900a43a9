"""What is asked beside the streams: NodeClaims, certificates, aws-auth, EKS's metrics, usage.

Each question writes what it hears into the sink and raises `RequestError` when it heard nothing.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Never, Protocol, TypeAlias

import msgspec

from eksview.domain.access.aws_auth import parse
from eksview.domain.base.clock import Clock
from eksview.domain.base.reading import Permission, Read, ReadFailed, Reading, Refused
from eksview.domain.kube.csr import requests
from eksview.domain.kube.eks_metrics import controller_metrics, scheduler_metrics
from eksview.domain.kube.karpenter import claims
from eksview.domain.kube.usage import RESOLUTION, usages
from eksview.domain.live import polled
from eksview.domain.live.facts import Facts, FactSet
from eksview.domain.live.messages import Sink, Swap
from eksview.domain.live.retry import Failure
from eksview.domain.rows.kube import Kind, Row
from eksview.domain.rows.server import AwsAuth, ControllerMetrics, EksMetrics, SchedulerMetrics
from eksview.kube.client.connection import Connection
from eksview.kube.client.errors import RequestError, from_answer

PAGE = "500"
METRICS = "metrics.eks.amazonaws.com"
SCHEDULER, CONTROLLERS = "ksh", "kcm"
"""EKS's names of kube-scheduler and kube-controller-manager."""

Decode: TypeAlias = Callable[[bytes], tuple[Sequence[Row], str]]


class PolledResource(Protocol):
    """One thing to be asked again and again."""

    name: str  # of its link
    permission: Permission  # what one must be allowed for it
    optional: str  # the API group that may not be installed; empty: it is always there
    period: float  # seconds between two rounds

    async def ask(self) -> None:
        """Ask once and tell the sink."""

    def unanswered(self, failed: RequestError) -> None:
        """Tell the sink that there was no answer, where that is a fact."""

    def absent(self) -> None:
        """Tell the sink that there is nothing of the kind."""


class PolledTable(msgspec.Struct, frozen=True):
    """A table that is listed, by the name of its link."""

    name: str
    kind: Kind
    decode: Decode
    api: str  # group and version
    resource: str
    optional: bool = False
    period: float = polled.PERIOD


TABLES = (
    PolledTable(polled.NODECLAIMS, Kind.NODECLAIM, claims, "karpenter.sh/v1", "nodeclaims", True),
    PolledTable(
        polled.SIGNING,
        Kind.SIGNING,
        requests,
        "certificates.k8s.io/v1",
        "certificatesigningrequests",
    ),
    PolledTable(
        polled.USAGE, Kind.USAGE, usages, "metrics.k8s.io/v1beta1", "nodes", True, RESOLUTION
    ),
)


class PolledList:
    """A whole table, in pages."""

    def __init__(self, connection: Connection, sink: Sink, table: PolledTable) -> None:
        group = table.api.partition("/")[0]
        self.name = table.name
        self.permission = Permission("list", table.resource, group)
        self.optional = group if table.optional else ""
        self.period = table.period
        self._connection = connection
        self._sink = sink
        self._kind = table.kind
        self._decode = table.decode
        self._path = f"/apis/{table.api}/{table.resource}"

    async def ask(self) -> None:
        """Read it to its end, then replace the table in one step."""
        rows: list[Row] = []
        query = {"limit": PAGE}
        while True:
            page, after = await self._page(query)
            rows += page
            if not after:
                break
            query["continue"] = after
        self._sink.send(Swap(self._kind, rows))

    async def _page(self, query: Mapping[str, str]) -> tuple[Sequence[Row], str]:
        body = await self._connection.get_bytes(self._path, query)
        try:
            return self._decode(body)
        except msgspec.DecodeError as error:
            said = f"A list of {self._kind.value} can't be understood: {error}."
            raise RequestError(said, Failure()) from None

    def unanswered(self, failed: RequestError) -> None:
        """The rows stay: the link says that they are old."""

    def absent(self) -> None:
        """No rows."""
        self._sink.send(Swap(self._kind, ()))


class AwsAuthPoll:
    """The ConfigMap kube-system/aws-auth. That there is none is an answer too."""

    name = polled.AWS_AUTH
    permission = Permission("get", "configmaps", namespace="kube-system")
    optional = ""
    period = polled.PERIOD

    def __init__(self, connection: Connection, sink: Sink, clock: Clock) -> None:
        self._connection = connection
        self._sink = sink
        self._clock = clock
        self._read: tuple[dict[str, str], AwsAuth] | None = None

    async def ask(self) -> None:
        """Read it; what hasn't changed isn't parsed again."""
        try:
            found = await self._connection.get_json(
                "/api/v1/namespaces/kube-system/configmaps/aws-auth"
            )
        except RequestError as failed:
            if failed.failure.status != 404:
                raise
            self._tell_read(AwsAuth(self._clock()))
            return
        data = _data(found)
        if self._read is None or self._read[0] != data:
            # Hundreds of roles take a second, in which streams go on.
            self._read = data, await asyncio.to_thread(parse, data, self._clock())
        self._tell_read(msgspec.structs.replace(self._read[1], at=self._clock()))

    def unanswered(self, failed: RequestError) -> None:
        """Report a refusal, and that it was never read; a bad moment leaves what was read."""
        if failed.failure.status == 403 or self._read is None:
            self._tell(unread(failed, self.permission, self._clock()))

    def absent(self) -> None:
        """It is never looked for by its group."""

    def _tell_read(self, auth: AwsAuth) -> None:
        self._tell(Read(auth, auth.at))

    def _tell(self, reading: Reading[AwsAuth]) -> None:
        self._sink.send(FactSet(Facts.aws_auth, reading))


CONTROLLERS_PERMISSION = Permission("get", f"{CONTROLLERS}/metrics", METRICS)


class EksMetricsPoll:
    """What EKS shows of the scheduler and the controller manager; either may be refused alone."""

    name = polled.EKS_METRICS
    permission = Permission("get", f"{SCHEDULER}/metrics", METRICS)
    optional = METRICS
    period = polled.PERIOD

    def __init__(self, connection: Connection, sink: Sink, clock: Clock) -> None:
        self._connection = connection
        self._sink = sink
        self._clock = clock
        self._before: SchedulerMetrics | None = None

    async def ask(self) -> None:
        """Read both; `RequestError` when neither could be."""
        scheduler, controllers = await self._text(SCHEDULER), await self._text(CONTROLLERS)
        if isinstance(scheduler, RequestError) and isinstance(controllers, RequestError):
            raise scheduler
        self._tell(EksMetrics(self._scheduler(scheduler), self._controllers(controllers)))

    def _scheduler(self, text: str | RequestError) -> Reading[SchedulerMetrics]:
        now = self._clock()
        if isinstance(text, RequestError):
            return unread(text, self.permission, now)
        self._before = scheduler_metrics(text, now, self._before)
        return Read(self._before, now)

    def _controllers(self, text: str | RequestError) -> Reading[ControllerMetrics]:
        now = self._clock()
        if isinstance(text, RequestError):
            return unread(text, CONTROLLERS_PERMISSION, now)
        return Read(controller_metrics(text, now), now)

    async def _text(self, component: str) -> str | RequestError:
        try:
            return await exposition(
                self._connection, f"/apis/{METRICS}/v1/{component}/container/metrics"
            )
        except RequestError as failed:
            return failed

    def unanswered(self, failed: RequestError) -> None:
        """Neither could be read."""
        now = self._clock()
        self._tell(
            EksMetrics(
                unread(failed, self.permission, now), unread(failed, CONTROLLERS_PERMISSION, now)
            )
        )

    def absent(self) -> None:
        """Not a cluster of EKS, or of an older one: there is nothing to say."""
        self._tell(EksMetrics())

    def _tell(self, metrics: EksMetrics) -> None:
        self._sink.send(FactSet(Facts.eks_metrics, Read(metrics, self._clock())))


def polled_resources(
    connection: Connection, sink: Sink, clock: Clock
) -> tuple[PolledResource, ...]:
    """Return all of them, of one cluster; each asks in the name of its link."""
    return (
        *(PolledList(connection.on_behalf_of(table.name), sink, table) for table in TABLES),
        AwsAuthPoll(connection.on_behalf_of(AwsAuthPoll.name), sink, clock),
        EksMetricsPoll(connection.on_behalf_of(EksMetricsPoll.name), sink, clock),
    )


def unread(failed: RequestError, permission: Permission, at: float) -> Reading[Never]:
    """Return why there was no answer: a missing right, or something else."""
    if failed.failure.status == 403:
        return Refused(str(failed), permission, at)
    return ReadFailed(str(failed), at)


def _data(found: Any) -> dict[str, str]:
    data = found.get("data") if isinstance(found, dict) else None
    if not isinstance(data, dict):
        return {}
    return {str(key): str(value) for key, value in data.items()}


async def exposition(connection: Connection, path: str, *, limit: float | None = None) -> str:
    """Metrics as text; `RequestError` for anything else. `limit` is in seconds."""
    answer = await connection.ask(path, accept="text/plain, */*", limit=limit)
    if answer.status < 300 and answer.content_type.startswith("text/plain"):
        return answer.body.decode(errors="replace")
    raise from_answer(
        answer.status,
        answer.body,
        answer.content_type,
        answer.retry_after,
        server=connection.access.server,
        user=connection.access.user,
    )
