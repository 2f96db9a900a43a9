"""The AWS side of a cluster: starts after the Kubernetes side and never delays it."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from logging import getLogger
from time import time
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec.structs import replace

from eksview.domain.aws.errors import no_region
from eksview.domain.aws.instance_tracker import InstanceTracker
from eksview.domain.aws.poll_plan import ECS_PLANS, PLANS
from eksview.domain.aws.target import AwsTarget, unidentified
from eksview.domain.base.clock import Clock
from eksview.domain.base.errors import UserError
from eksview.domain.base.reading import ReadFailed
from eksview.domain.base.text import Clean, clean
from eksview.domain.live.facts import Facts, FactSet
from eksview.domain.live.messages import Drop, Fanout, LinkState, Message, Put, Swap
from eksview.domain.rows.aws import InstanceDetail
from eksview.domain.rows.kube import Kind, NodeRow
from eksview.domain.rows.link import Link, Phase

if TYPE_CHECKING:  # these imports take half a second, in a thread beside the data loop
    from eksview.aws.account_watcher import AccountWatcher
    from eksview.aws.client.session import AwsSession
    from eksview.domain.logs.control_plane import ControlPlaneRequest
    from eksview.domain.logs.inbox import LogInbox
    from eksview.domain.logs.task import TaskLogRequest

    OpenSession: TypeAlias = Callable[[AwsTarget, Mapping[str, str]], AwsSession]

HEAD_START = 3.0  # seconds in which the nodes are read before AWS calls start
NOT_ON_AWS = Clean("Not on AWS: neither the kubeconfig nor a node's provider ID refers to AWS.")
WAITING = Clean("AWS isn't connected yet.")
LOOK = 1.0  # seconds between two looks at whether it is
LOG = getLogger(__name__)


class AwsSource:
    """A source of one cluster's AWS data; every method is called on the data loop.

    It subscribes to the nodes, so that a new one is looked up at once. It calls AWS only if the
    kubeconfig or a node's provider ID refers to AWS.
    """

    def __init__(
        self,
        target: AwsTarget,
        messages: Fanout,
        environ: Mapping[str, str],
        *,
        clock: Clock = time,
        open_session: "OpenSession | None" = None,
        numbers: Iterator[int] | None = None,
        only_ecs: bool = False,
    ) -> None:
        self._target = target
        self._environ = environ
        self._open_session = open_session or _open_session
        self._clock = clock
        self._numbers = numbers
        self._only_ecs = only_ecs
        self._messages = messages
        self._tracker = InstanceTracker()
        self._ecs: frozenset[str] = frozenset()  # clusters to read; empty: those of the region
        self._off: tuple[Phase, Clean] | None = None  # why AWS isn't called, once that is known
        self._listed = asyncio.Event()
        self._session: AwsSession | None = None
        self._watcher: AccountWatcher | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def target(self) -> AwsTarget:
        """The account, region and cluster, as far as the kubeconfig names them."""
        return self._target

    def start(self) -> None:
        self._messages.subscribe(self._notice, Kind.NODE)
        self._task = asyncio.create_task(self._guarded(self._connect()), name="eksview aws")

    async def stop(self) -> None:
        """Cancel the work and close every connection."""
        self._messages.unsubscribe(self._notice)
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        watcher, self._watcher = self._watcher, None
        if watcher is not None:
            await watcher.stop()
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def refresh(self) -> None:
        """Repeat every call now."""
        if self._watcher is not None:
            self._watcher.refresh()

    async def instance(self, instance: str) -> InstanceDetail:
        """Return what is read only when an instance is opened."""
        if self._watcher is None:
            raise UserError(f"AWS isn't connected yet, so {instance} can't be read.")
        return await self._watcher.detail(instance)

    async def read_logs(
        self, request: "ControlPlaneRequest | TaskLogRequest", inbox: "LogInbox"
    ) -> None:
        """Read logs of CloudWatch Logs into an inbox until cancelled, once AWS is connected."""
        from eksview.domain.logs.task import TaskLogRequest  # noqa: PLC0415

        while self._watcher is None:
            inbox.state(WAITING)
            await asyncio.sleep(LOOK)
        if isinstance(request, TaskLogRequest):
            await self._watcher.read_task_logs(request, inbox, self._open_session)
        else:
            await self._watcher.read_logs(request, inbox)

    def follow_ecs(self, clusters: Iterable[str]) -> None:
        """Read these ECS clusters and no others from now on; "" is for the list of clusters."""
        self._ecs = frozenset(clusters)
        if self._watcher is not None:
            self._watcher.follow_ecs(self._ecs)
        elif self._ecs and self._off is not None:
            self._report_links(ECS_PLANS, *self._off)

    def look_for(self, instances: Iterable[str]) -> None:
        """Read these instances too, before `start`: neither a node nor a tag may name them."""
        self._tracker.also(instances)

    def _notice(self, message: Message) -> None:
        match message:
            case Put(row=NodeRow() as node):
                changed = self._tracker.seen(node)
            case Drop(row=NodeRow() as node):
                changed = self._tracker.lost(node.name)
            case Swap(rows=rows):
                self._tracker.listed([row for row in rows if isinstance(row, NodeRow)])
                changed = True
            case _:
                changed = False
        if not changed:
            return
        self._listed.set()
        if self._watcher is not None:
            self._watcher.nudge()

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except UserError as error:
            self._report(Phase.OFF, error.sentence)
        except Exception as error:
            LOG.exception("AWS")
            self._report(
                Phase.OFF,
                clean(f"AWS calls failed because of a bug: {type(error).__name__}; see the log."),
            )

    async def _connect(self) -> None:
        if self._only_ecs and not self._target.region:
            raise UserError(no_region())
        if not self._only_ecs:
            await self._see_nodes()
        target = self._target if self._only_ecs else await self._locate()
        self._session, self._watcher = await self._open(target)
        self._watcher.start()
        self._watcher.follow_ecs(self._ecs)

    async def _see_nodes(self) -> None:
        try:
            async with asyncio.timeout(HEAD_START):
                await self._listed.wait()
        except TimeoutError:
            pass  # AWS may explain why there are no nodes

    async def _locate(self) -> AwsTarget:
        """Return the target with a region, if need be from the first node on EC2."""
        target = self._target
        if not (target.cluster and target.region) and not self._tracker.region:
            self._report(Phase.OFF, NOT_ON_AWS)
        while not (target.cluster and target.region) and not self._tracker.region:
            self._listed.clear()
            await self._listed.wait()
        return replace(target, region=target.region or self._tracker.region)

    async def _open(self, target: AwsTarget) -> "tuple[AwsSession, AccountWatcher]":
        # The imports take half a second, in which nodes keep arriving.
        await asyncio.to_thread(_load)
        from eksview.aws.account_watcher import AccountWatcher  # noqa: PLC0415 - see above

        session = self._open_session(target, self._environ)
        watcher = AccountWatcher(
            session,
            target,
            self._messages,
            self._tracker,
            clock=self._clock,
            numbers=self._numbers,
            environ=self._environ,
            only_ecs=self._only_ecs,
        )
        return session, watcher

    def _report(self, phase: Phase, reason: Clean) -> None:
        now = self._clock()
        identity = unidentified(self._target, self._environ)
        self._messages.send(FactSet(Facts.aws_identity, ReadFailed(reason, now, identity)))
        self._off = phase, reason
        self._report_links(PLANS | ECS_PLANS if self._ecs else PLANS, phase, reason)

    def _report_links(self, names: Iterable[str], phase: Phase, reason: Clean) -> None:
        now = self._clock()
        for name in names:
            self._messages.send(LinkState(Link(name, phase, now, reason)))


def _open_session(target: AwsTarget, environ: Mapping[str, str]) -> "AwsSession":
    from eksview.aws.client.session import AwsSession  # noqa: PLC0415 - see above

    return AwsSession(target, environ)


def _load() -> None:
    import eksview.aws.client.session  # noqa: F401, PLC0415
