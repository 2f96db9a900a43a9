"""Watches the ECS clusters that something shows: one poller for each link, while it is needed."""

import asyncio
from collections.abc import Iterable
from logging import getLogger

from eksview.aws.client.context import AwsContext
from eksview.aws.ecs.clusters import EcsClusters
from eksview.aws.ecs.instances import EcsInstances
from eksview.aws.ecs.inventory import EcsCache, EcsInventory
from eksview.aws.ecs.machines import EcsMachines
from eksview.aws.ecs.reader import EcsReader, FollowedEcs
from eksview.aws.ecs.services import EcsServices
from eksview.aws.ecs.tasks import EcsTasks
from eksview.aws.poll.poller import AwsPoller
from eksview.domain.aws.parts import LINK_OF
from eksview.domain.aws.poll_plan import ECS, ECS_PLANS
from eksview.domain.base.reading import NOT_ASKED
from eksview.domain.base.text import Clean
from eksview.domain.live.facts import FactSet, part_key
from eksview.domain.live.messages import LinkState, Swap
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Link, Phase

READERS: tuple[type[EcsReader], ...] = (
    EcsClusters, EcsServices, EcsInstances, EcsMachines, EcsTasks,
)  # fmt: skip
"""The readers, in the order in which their calls are made on a link."""
OF_CLUSTER = (Kind.ECS_SERVICE, Kind.ECS_INSTANCE, Kind.ECS_MACHINE, Kind.ECS_TASK)
"""The tables of which a cluster has a part of its own."""
NOT_SHOWN = Clean("ECS is read only while it is shown.")
LOG = getLogger(__name__)


class EcsWatcher:
    """The pollers of ECS. All of it runs on the loop that calls it."""

    def __init__(self, context: AwsContext) -> None:
        self._context = context
        self._cache = EcsCache()
        self._ecs = self._nothing_followed()
        self._pollers: dict[str, AwsPoller] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._ended: set[asyncio.Task[None]] = set()

    def follow(self, clusters: Iterable[str]) -> None:
        """Read these clusters and no others from now on; "" is for those of the region."""
        before, self._ecs.inventory.followed = self._ecs.inventory.followed, frozenset(clusters)
        followed = self._ecs.inventory.followed
        if followed == before:
            return
        wanted = () if not followed else (ECS,) if followed == {""} else tuple(ECS_PLANS)
        for name in before - followed - {""}:
            self._forget(name)
        for name in [name for name in self._tasks if name not in wanted]:
            self._stop(name)
        if not followed:
            self._ecs = self._nothing_followed()
        self.refresh()
        for name in wanted if followed - before else ():
            if name in self._pollers:
                self._pollers[name].widen()
        for name in wanted:
            if name not in self._tasks:
                self._start(name)

    def refresh(self) -> None:
        """Ask everything again, as soon as AWS and the budgets allow."""
        for poller in self._pollers.values():
            poller.again()

    async def stop(self) -> None:
        """Stop all pollers."""
        tasks = (*self._tasks.values(), *self._ended)
        self._pollers, self._tasks = {}, {}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _nothing_followed(self) -> FollowedEcs:
        inventory = EcsInventory(self._context.clock, frozenset(), self._cache)
        return FollowedEcs(self._context, inventory)

    def _start(self, name: str) -> None:
        calls = [call for reader in READERS for call in reader(self._ecs).calls()]
        parts = [call for call in calls if call.link == name]
        poller = self._pollers[name] = AwsPoller(ECS_PLANS[name], parts, self._context)
        task = self._tasks[name] = asyncio.create_task(poller.run(), name=f"eksview aws {name}")
        task.add_done_callback(self._done)

    def _stop(self, name: str) -> None:
        """Stop a link and forget what it read, which would grow old unseen."""
        del self._pollers[name]
        task = self._tasks.pop(name)
        self._ended.add(task)
        task.cancel()
        send, now = self._context.sink.send, self._context.clock()
        for kind in Kind:
            if kind.link == name:
                send(Swap(kind, ()))
        for part, link in LINK_OF.items():
            if link == name:
                send(FactSet(part_key(part), NOT_ASKED))
        send(LinkState(Link(name, Phase.OFF, now, NOT_SHOWN)))

    def _forget(self, cluster: str) -> None:
        self._ecs.inventory.forget(cluster)
        for kind in OF_CLUSTER:
            self._context.sink.send(Swap(kind, (), cluster))

    def _done(self, task: asyncio.Task[None]) -> None:
        self._ended.discard(task)
        if not task.cancelled() and task.exception() is not None:
            LOG.error("%s ended", task.get_name(), exc_info=task.exception())
