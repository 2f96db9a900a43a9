"""The logs of containers, as the API server passes them on from the kubelet.

Source: `pkg/registry/core/pod/strategy.go` (LogLocation) and the kubelet's
`pkg/kubelet/kuberuntime/logs/logs.go` (ReadLogs): the tail is taken first, then what is too old is
left out, and a time since which is wanted counts in whole seconds.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, datetime
from math import floor

from msgspec import Struct

from eksview_demo.api import access
from eksview_demo.api.access import User
from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.cluster.objects.authorizer import Attributes
from eksview_demo.cluster.pods.container_logs import Line, Run, run_of
from eksview_demo.cluster.pods.pod_state import PodState
from eksview_demo.storage.status import StatusError, not_found
from eksview_demo.times import parse_time

CHECK = 0.5  # seconds between two looks at whether the container still runs
_SECOND = 1_000_000_000
_TRUE = {"true", "1", "True", "t", "T", "TRUE"}


class PodName(Struct, frozen=True):
    """The pod whose log a path names."""

    namespace: str
    name: str


class LogOptions(Struct, frozen=True):
    """The query of a log; `since` is in nanoseconds since the epoch, -1 for the beginning."""

    follow: bool = False
    timestamps: bool = False
    since: int = -1
    tail: int | None = None
    limit: int | None = None


def pod_of(path: str) -> PodName | None:
    """Return the pod whose log a path names; None for any other path."""
    match path.strip("/").split("/"):
        case ["api", "v1", "namespaces", namespace, "pods", name, "log"]:
            return PodName(namespace, name)
    return None


def log_of(
    cluster: DemoCluster, user: User, named: PodName, query: Mapping[str, str]
) -> AsyncIterator[list[bytes]]:
    """Return the lines of a container's log, a batch at a time. Raises StatusError."""
    access.check(user, Attributes("get", "pods/log", "", named.namespace, named.name))
    pod = cluster.pods.get(f"{named.namespace}/{named.name}")
    if pod is None:
        raise not_found("pods", named.name)
    container = _container(pod, query.get("container", ""))
    options = _options(query, cluster.clock())
    if not pod.node:
        return _nothing()
    node = cluster.nodes.get(pod.node)
    if node is None or node.silent:
        where = f"https://{pod.host_ip}:10250/containerLogs/{pod.key}/{container}"
        raise StatusError(500, f'Get "{where}": dial tcp {pod.host_ip}:10250: i/o timeout')
    previous = query.get("previous", "") in _TRUE
    run = run_of(pod, container, previous=previous)
    log = _Log(cluster, pod, container, run, options)
    return log.limited(log.followed() if options.follow and not previous else log.whole())


async def _nothing() -> AsyncIterator[list[bytes]]:
    """Yield nothing: the pod isn't bound to a node."""
    empty: list[list[bytes]] = []
    for batch in empty:
        yield batch


def _container(pod: PodState, wanted: str) -> str:
    names = [box.name for box in pod.workload.boxes]
    init = [pod.workload.init.name] if pod.workload.init else []
    if wanted in (*names, *init):
        return wanted
    if wanted:
        raise StatusError(400, f"container {wanted} is not valid for pod {pod.name}")
    if len(names) == 1:
        return names[0]
    message = f"a container name must be specified for pod {pod.name}, choose one of: "
    message += f"[{' '.join(names)}]"
    if init:
        message += f" or one of the init containers: [{' '.join(init)}]"
    raise StatusError(400, message)


def _options(query: Mapping[str, str], now: float) -> LogOptions:
    seconds, since = query.get("sinceSeconds", ""), query.get("sinceTime", "")
    if seconds and since:
        reason = "Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified"
        raise _invalid("sinceTime", reason)
    at = -1
    if seconds:
        at = floor((now - (_number("sinceSeconds", seconds, 1) or 0)) * _SECOND)
    elif since:
        try:
            at = floor(parse_time(since) or 0) * _SECOND
        except ValueError:
            layout = "2006-01-02T15:04:05Z07:00"
            raise StatusError(400, f'parsing time "{since}" as "{layout}"') from None
    return LogOptions(
        follow=query.get("follow", "") in _TRUE,
        timestamps=query.get("timestamps", "") in _TRUE,
        since=at,
        tail=_number("tailLines", query.get("tailLines", ""), 0),
        limit=_number("limitBytes", query.get("limitBytes", ""), 1),
    )


def _number(name: str, text: str, least: int) -> int | None:
    if not text:
        return None
    try:
        number = int(text)
    except ValueError:
        reason = f'strconv.ParseInt: parsing "{text}": invalid syntax'
        raise StatusError(400, f"unable to decode query parameter {name}: {reason}") from None
    if number < least:
        raise _invalid(name, f"Invalid value: {number}: must be greater than or equal to {least}")
    return number


def _invalid(field: str, reason: str) -> StatusError:
    return StatusError(422, f'PodLogOptions "" is invalid: {field}: {reason}')


class _Log:
    """A reader of one container's log."""

    def __init__(
        self,
        cluster: DemoCluster,
        pod: PodState,
        container: str,
        run: Run,
        options: LogOptions,
    ) -> None:
        self._cluster = cluster
        self._pod = pod
        self._container = container
        self._run = run
        self._options = options
        self._read = -1  # time of the last line read

    async def whole(self) -> AsyncIterator[list[bytes]]:
        """Yield what was written by now."""
        now = self._cluster.clock()
        lines = list(self._run.lines(now))
        self._read = max(lines[-1].at if lines else -1, round(now * _SECOND))
        tail = self._options.tail
        batch: list[bytes] = []
        for line in lines if tail is None else lines[len(lines) - min(tail, len(lines)) :]:
            if line.at >= self._options.since:
                batch.append(self._shown(line))
            if len(batch) >= 500:
                yield batch
                batch = []
                await asyncio.sleep(0)
        if batch:
            yield batch

    async def followed(self) -> AsyncIterator[list[bytes]]:
        """Yield what was written by now, then what is written, until the container ends."""
        yield []  # the headers are sent, though there may be nothing yet
        async for batch in self.whole():
            yield batch
        while True:
            now = self._cluster.clock()
            if batch := [self._shown(line) for line in self._new(now)]:
                yield batch
            if self._ended():
                return
            due = self._run.next_at(now)
            await asyncio.sleep(CHECK if due is None else min(max(due - now, 0.01), CHECK))

    def _new(self, now: float) -> Iterator[Line]:
        for line in self._run.lines(now, self._read):
            self._read = line.at
            if line.at >= self._options.since:
                yield line

    def _ended(self) -> bool:
        """Return whether the run has ended; what it wrote last is read before."""
        if self._cluster.pods.get(self._pod.key) is not self._pod:
            return True
        node = self._cluster.nodes.get(self._pod.node)
        if node is None or node.silent:
            return True
        if self._run.ended is not None:
            return True
        try:
            run = run_of(self._pod, self._container, previous=False)
        except StatusError:
            return True
        if run.seed == self._run.seed:
            self._run = run  # it may have ended: its last lines come next
        return run.seed != self._run.seed

    def _shown(self, line: Line) -> bytes:
        if not self._options.timestamps:
            return line.text
        seconds, rest = divmod(line.at, _SECOND)
        head = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
        return f"{head}.{rest:09d}Z ".encode() + line.text

    async def limited(self, batches: AsyncIterator[list[bytes]]) -> AsyncIterator[list[bytes]]:
        """Yield no more bytes than wanted."""
        left = self._options.limit
        async for batch in batches:
            if left is None:
                yield batch
                continue
            joined = b"".join(batch)[:left]
            left -= len(joined)
            yield [joined]
            if left <= 0:
                return
