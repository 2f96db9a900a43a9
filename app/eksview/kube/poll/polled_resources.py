"""Resources that are polled beside the streams: some lists, aws-auth and the metrics of EKS.

Each sends what it read to the sink, and raises `RequestError` when it read nothing.
"""

import asyncio
from collections.abc import Sequence
from time import time
from typing import Any, Never

import msgspec
from msgspec import Struct

from eksview.domain.access.aws_auth import parse
from eksview.domain.base.clock import Clock
from eksview.domain.base.errors import UserError
from eksview.domain.base.reading import Permission, Read, ReadFailed, Reading, Refused
from eksview.domain.base.text import Clean
from eksview.domain.control_plane.apiserver_metrics import means_of_node_lists, timings
from eksview.domain.control_plane.eks_metrics import controller_metrics, scheduler_metrics
from eksview.domain.live import polled
from eksview.domain.live.facts import Facts, FactSet
from eksview.domain.live.messages import Sink, Swap
from eksview.domain.resources.registry import POLLED, AnyResource
from eksview.domain.rows.measured_request import ServerMeans
from eksview.domain.rows.server import (
    AwsAuth,
    ControllerMetrics,
    EksMetrics,
    SchedulerMetrics,
    ServerTimings,
)
from eksview.kube.client.connection import Connection
from eksview.kube.client.errors import RequestError
from eksview.kube.client.lists import ListClient, list_rows
from eksview.kube.client.response import MOST_OF_METRICS

TIMINGS_LIMIT = 20.0  # seconds
METRICS = "metrics.eks.amazonaws.com"
SCHEDULER, CONTROLLERS = "ksh", "kcm"
"""EKS's names of kube-scheduler and kube-controller-manager."""


class PolledResource:
    """A resource to be polled."""

    name: str  # of its link
    permission: Permission  # needed for it
    optional: str = ""  # the API group that may not be installed
    period: float = polled.PERIOD  # seconds between two rounds

    def __init__(self, connection: Connection, sink: Sink, clock: Clock) -> None:
        self.connection = connection.on_behalf_of(self.name)
        self._sink = sink
        self._clock = clock

    async def ask(self) -> None:
        """Request it once and send what was read."""
        raise NotImplementedError

    def unanswered(self, failed: RequestError) -> None:
        """Send that there was no answer, where that is a fact."""

    def absent(self) -> None:
        """Send that the API isn't installed, where that is a fact."""


class PolledList(PolledResource):
    """A whole table, in pages."""

    def __init__(
        self, connection: Connection, sink: Sink, clock: Clock, resource: AnyResource
    ) -> None:
        self.name, _ = resource.links[0]
        super().__init__(connection, sink, clock)
        self.permission = Permission("list", resource.name, resource.group)
        self.optional = resource.group if resource.optional else ""
        self.period = resource.period or polled.PERIOD
        self._resource = resource
        self._versions = (resource, *resource.older)

    async def ask(self) -> None:
        """Read the list to its end, then replace the table in one step."""
        try:
            rows = await list_rows(self.connection, self._resource)
        except RequestError as failed:
            served = await served_instead(self.connection, self._resource, self._versions, failed)
            self._resource = served
            self.permission = Permission("list", served.name, served.group)
            rows = await list_rows(self.connection, served)
        self._sink.send(Swap(self._resource.kind, rows))

    def absent(self) -> None:
        """Remove all rows."""
        self._sink.send(Swap(self._resource.kind, ()))


class _GroupVersion(Struct, rename="camel"):
    group_version: str = ""


class _ApiGroup(Struct):
    versions: tuple[_GroupVersion, ...] = ()


async def served_instead(
    connection: ListClient,
    requested: AnyResource,
    versions: Sequence[AnyResource],
    failed: RequestError,
) -> AnyResource:
    """Return the newest of the versions that the server has, after the failure of one request.

    Raises the failure where no other version would be answered. A version that isn't installed is
    answered with 404, or with 403 where permission is missing; discovery shows which.
    """
    if failed.failure.status not in (403, 404) or len(versions) < 2:
        raise failed
    try:
        body = await connection.get_bytes(f"/apis/{requested.group}")
        group = msgspec.json.decode(body, type=_ApiGroup)
    except (RequestError, msgspec.DecodeError):
        raise failed from None
    names = {version.group_version for version in group.versions}
    served = next((version for version in versions if version.api in names), requested)
    if served is requested:
        raise failed
    return served


async def list_once(connection: ListClient, resource: AnyResource) -> list[Any] | None:
    """Return the rows of a list that may have another version; None if it isn't installed.

    Raises `RequestError` for what can't be read.
    """
    try:
        return await list_rows(connection, resource)
    except RequestError as failed:
        versions = (resource, *resource.older)
        try:
            served = await served_instead(connection, resource, versions, failed)
        except RequestError:
            if await _is_absent(connection, resource, failed.failure.status):
                return None
            raise
    return await list_rows(connection, served)


async def _is_absent(connection: ListClient, resource: AnyResource, status: int | None) -> bool:
    if status != 403:
        return status == 404
    try:
        await connection.get_bytes(f"/apis/{resource.group}")
    except RequestError as error:
        return error.failure.status == 404
    return False


class AwsAuthPoll(PolledResource):
    """The ConfigMap kube-system/aws-auth; its absence is an answer too."""

    name = polled.AWS_AUTH
    permission = Permission("get", "configmaps", namespace=Clean("kube-system"))

    def __init__(self, connection: Connection, sink: Sink, clock: Clock) -> None:
        super().__init__(connection, sink, clock)
        self._read: tuple[dict[str, str], AwsAuth] | None = None

    async def ask(self) -> None:
        """Read it; an unchanged one isn't parsed again."""
        try:
            config_map = await self.connection.get_json(
                "/api/v1/namespaces/kube-system/configmaps/aws-auth"
            )
        except RequestError as failed:
            if failed.failure.status != 404:
                raise
            self._send_read(AwsAuth(self._clock()))
            return
        data = _data(config_map)
        if self._read is None or self._read[0] != data:
            # Hundreds of roles take a second, in which streams go on.
            self._read = data, await asyncio.to_thread(parse, data, self._clock())
        self._send_read(msgspec.structs.replace(self._read[1], at=self._clock()))

    def unanswered(self, failed: RequestError) -> None:
        """Send a refusal, or that it was never read; another error keeps what was read."""
        if failed.failure.status == 403 or self._read is None:
            self._send(unread(failed, self.permission, self._clock()))

    def _send_read(self, auth: AwsAuth) -> None:
        self._send(Read(auth, auth.at))

    def _send(self, reading: Reading[AwsAuth]) -> None:
        self._sink.send(FactSet(Facts.aws_auth, reading))


CONTROLLERS_PERMISSION = Permission("get", f"{CONTROLLERS}/metrics", METRICS)


class EksMetricsPoll(PolledResource):
    """Metrics that EKS has of the scheduler and the controller manager."""

    name = polled.EKS_METRICS
    permission = Permission("get", f"{SCHEDULER}/metrics", METRICS)
    optional = METRICS

    def __init__(self, connection: Connection, sink: Sink, clock: Clock) -> None:
        super().__init__(connection, sink, clock)
        self._before: SchedulerMetrics | None = None

    async def ask(self) -> None:
        """Read both; `RequestError` when neither could be."""
        scheduler, controllers = await self._text(SCHEDULER), await self._text(CONTROLLERS)
        if isinstance(scheduler, RequestError) and isinstance(controllers, RequestError):
            raise scheduler
        self._send(EksMetrics(self._scheduler(scheduler), self._controllers(controllers)))

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
                self.connection, f"/apis/{METRICS}/v1/{component}/container/metrics"
            )
        except RequestError as failed:
            return failed

    def unanswered(self, failed: RequestError) -> None:
        now = self._clock()
        self._send(
            EksMetrics(
                unread(failed, self.permission, now), unread(failed, CONTROLLERS_PERMISSION, now)
            )
        )

    def absent(self) -> None:
        """Send that there are none: the cluster isn't one of EKS, or is an older one."""
        self._send(EksMetrics())

    def _send(self, metrics: EksMetrics) -> None:
        self._sink.send(FactSet(Facts.eks_metrics, Read(metrics, self._clock())))


def polled_resources(
    connection: Connection, sink: Sink, clock: Clock
) -> tuple[PolledResource, ...]:
    """Return the polled resources of a cluster; each requests in the name of its link."""
    return (
        *(PolledList(connection, sink, clock, resource) for resource in POLLED),
        AwsAuthPoll(connection, sink, clock),
        EksMetricsPoll(connection, sink, clock),
    )


def unread(failed: RequestError, permission: Permission, at: float) -> Reading[Never]:
    """Return an error as a reading."""
    if failed.failure.status == 403:
        return Refused(failed.sentence, permission, at)
    return ReadFailed(failed.sentence, at)


def _data(config_map: Any) -> dict[str, str]:
    data = config_map.get("data") if isinstance(config_map, dict) else None
    if not isinstance(data, dict):
        return {}
    return {str(key): str(value) for key, value in data.items()}


async def exposition(connection: Connection, path: str, *, limit: float | None = None) -> str:
    """Read metrics as text; raises `RequestError` for anything else. `limit` is in seconds."""
    answer = await connection.ask(path, accept="text/plain, */*", limit=limit, most=MOST_OF_METRICS)
    if answer.status < 300 and answer.content_type.startswith("text/plain"):
        return answer.body.decode(errors="replace")
    raise connection.error_of(answer)


async def server_timings(connection: Connection, clock: Clock = time) -> ServerTimings:
    """Read the API server's own metrics once: megabytes, parsed in a thread."""
    text = await exposition(connection, "/metrics", limit=TIMINGS_LIMIT)
    return await asyncio.to_thread(timings, text, clock())


METRICS_PERMISSION = Permission("get", "/metrics")


async def node_list_means(connection: Connection, clock: Clock = time) -> Reading[ServerMeans]:
    """Read what the API server reports of lists of nodes since it started."""
    try:
        server = await server_timings(connection, clock)
    except RequestError as failed:
        return unread(failed, METRICS_PERMISSION, clock())
    except UserError as problem:
        return ReadFailed(problem.sentence, clock())
    return Read(means_of_node_lists(server), server.at)
