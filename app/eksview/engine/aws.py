"""The AWS half of a followed cluster: begun beside the Kubernetes half, never in its way."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping
from logging import getLogger
from time import time
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec.structs import replace

from eksview.domain.aws.instance_tracker import InstanceTracker
from eksview.domain.aws.poll_plan import PLANS
from eksview.domain.aws.target import AwsTarget
from eksview.domain.base.clock import Clock
from eksview.domain.base.problem import UserError
from eksview.domain.base.reading import ReadFailed
from eksview.domain.live.facts import Facts, FactSet
from eksview.domain.live.messages import Drop, Fanout, LinkState, Message, Put, Swap
from eksview.domain.rows.aws import AwsIdentity, InstanceDetail
from eksview.domain.rows.kube import Kind, NodeRow
from eksview.domain.rows.link import Link, Phase

if TYPE_CHECKING:  # its imports cost half a second, spent in a thread beside the data loop
    from eksview.aws.account_watcher import AccountWatcher
    from eksview.aws.client.session import AwsSession

    OpenSession: TypeAlias = Callable[[AwsTarget, Mapping[str, str]], AwsSession]

HEAD_START = 3.0  # seconds in which the nodes are read before AWS is begun with
ELSEWHERE = "Neither the kubeconfig nor a node's provider ID leads to AWS."
LOG = getLogger(__name__)


class AwsSide:
    """One cluster's AWS half; every method is called on the data loop.

    It watches the nodes that the Kubernetes half reports, to ask about new ones at once. AWS isn't
    asked at all unless the kubeconfig or a node leads there.
    """

    def __init__(
        self,
        place: AwsTarget,
        messages: Fanout,
        environ: Mapping[str, str],
        *,
        clock: Clock = time,
        open_session: "OpenSession | None" = None,
        numbers: Iterator[int] | None = None,
    ) -> None:
        self._place = place
        self._environ = environ
        self._open_session = open_session or _open_session
        self._clock = clock
        self._numbers = numbers
        self._messages = messages
        self._known = InstanceTracker()
        self._listed = asyncio.Event()
        self._session: AwsSession | None = None
        self._follower: AccountWatcher | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def place(self) -> AwsTarget:
        """Where AWS is asked, as far as the kubeconfig leads there."""
        return self._place

    def start(self) -> None:
        """Begin; returns at once."""
        self._messages.subscribe(self._notice, Kind.NODE)
        self._task = asyncio.create_task(self._guarded(self._begin()), name="eksview aws")

    async def stop(self) -> None:
        """Let go of everything."""
        self._messages.unsubscribe(self._notice)
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        follower, self._follower = self._follower, None
        if follower is not None:
            await follower.stop()
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def refresh(self) -> None:
        """Ask everything again."""
        if self._follower is not None:
            self._follower.refresh()

    async def instance(self, instance: str) -> InstanceDetail:
        """What is asked only when an instance is opened."""
        if self._follower is None:
            raise UserError(f"AWS isn't connected: {instance} can't be asked about yet.")
        return await self._follower.detail(instance)

    def _notice(self, message: Message) -> None:
        match message:
            case Put(row=NodeRow() as node):
                news = self._known.seen(node)
            case Drop(row=NodeRow() as node):
                news = self._known.lost(node.name)
            case Swap(rows=rows):
                self._known.listed([row for row in rows if isinstance(row, NodeRow)])
                news = True
            case _:
                news = False
        if news:
            self._news()

    def _news(self) -> None:
        self._listed.set()
        if self._follower is not None:
            self._follower.nudge()

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except UserError as problem:
            self._tell(Phase.OFF, str(problem))
        except Exception as error:
            LOG.exception("AWS")
            self._tell(Phase.OFF, f"AWS can't be asked: {type(error).__name__}; see the log.")

    async def _begin(self) -> None:
        try:
            async with asyncio.timeout(HEAD_START):
                await self._listed.wait()
        except TimeoutError:
            pass  # AWS may tell why there are no nodes
        place = await self._located()
        self._session, self._follower = await self._connected(place)
        self._follower.start()

    async def _located(self) -> AwsTarget:
        """Where to ask; while nothing leads to AWS, wait for a node that does."""
        place = self._place
        if not (place.cluster and place.region) and not self._known.region:
            self._tell(Phase.OFF, ELSEWHERE)
        while not (place.cluster and place.region) and not self._known.region:
            self._listed.clear()
            await self._listed.wait()
        return replace(place, region=place.region or self._known.region)

    async def _connected(self, place: AwsTarget) -> "tuple[AwsSession, AccountWatcher]":
        # Half a second of importing, in which the nodes go on arriving.
        await asyncio.to_thread(_load)
        from eksview.aws.account_watcher import AccountWatcher  # noqa: PLC0415 - see above

        session = self._open_session(place, self._environ)
        follower = AccountWatcher(
            session,
            place,
            self._messages,
            self._known,
            clock=self._clock,
            numbers=self._numbers,
            environ=self._environ,
        )
        return session, follower

    def _tell(self, phase: Phase, why: str) -> None:
        now = self._clock()
        place = self._place
        identity = AwsIdentity(
            account="",
            arn="",
            region=place.region,
            cluster=place.cluster,
            profile=place.profile,
            source=place.source,
        )
        self._messages.send(FactSet(Facts.aws_identity, ReadFailed(why, now, identity)))
        for name in PLANS:
            self._messages.send(LinkState(Link(name, phase, now, why)))


def _open_session(place: AwsTarget, environ: Mapping[str, str]) -> "AwsSession":
    from eksview.aws.client.session import AwsSession  # noqa: PLC0415 - see above

    return AwsSession(place, environ)


def _load() -> None:
    import eksview.aws.account_watcher  # noqa: PLC0415
    import eksview.aws.client.session  # noqa: F401, PLC0415
