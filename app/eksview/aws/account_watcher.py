"""Everything that is followed of a cluster's AWS side, until it is let go."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from itertools import count
from logging import getLogger
from random import random
from time import time

from eksview.aws.client.call_log import AwsCallLog
from eksview.aws.client.context import AwsContext, ClientSource
from eksview.aws.client.credentials_gate import CredentialsGate
from eksview.aws.client.throttled_client import PolledCall, ThrottledClient
from eksview.aws.poll.poller import AwsPoller
from eksview.aws.services.autoscaling import Groups
from eksview.aws.services.ec2 import Images, Instances, Statuses
from eksview.aws.services.eks import Cluster, Insights, Updates
from eksview.aws.services.eks_parts import AccessEntries, Addons, Fargate, Nodegroups
from eksview.aws.services.instance_detail import Opened
from eksview.aws.services.inventory import Inventory
from eksview.aws.services.network import Network
from eksview.aws.services.ssm import OpenSessions
from eksview.aws.services.sts import CallerIdentity
from eksview.domain.aws.instance_tracker import InstanceTracker
from eksview.domain.aws.poll_plan import (
    ACCESS,
    AUTOSCALING,
    EC2,
    EKS,
    IMAGES,
    NETWORK,
    PLANS,
    SSM,
    STATUS,
    STS,
)
from eksview.domain.aws.target import AwsTarget
from eksview.domain.base.clock import Clock
from eksview.domain.base.problem import UserError
from eksview.domain.live.messages import LinkState, Sink, Trace
from eksview.domain.rows.aws import InstanceDetail, InstanceRow
from eksview.domain.rows.link import Link, Phase

NO_CLUSTER = "The kubeconfig names no EKS cluster; give its name with --cluster."
OPENINGS = 30  # calls a minute for instances that are opened
LOG = getLogger(__name__)


class AccountWatcher:
    """One link per API. All of it runs on the loop that calls `start`.

    `numbers` are those of the calls on record, shared with whoever else records.
    """

    def __init__(  # noqa: PLR0913 - what a test replaces comes from outside
        self,
        session: ClientSource,
        place: AwsTarget,
        sink: Sink,
        known: InstanceTracker,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Clock = time,
        chance: Callable[[], float] = random,
        numbers: Iterator[int] | None = None,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self._place = place
        self._known = known
        self._estate = Inventory(clock)
        self._gate = CredentialsGate()
        recorder = AwsCallLog(
            lambda call: sink.send(Trace(call)), numbers or count(1), clock, place.region
        )
        self._means = AwsContext(
            session, place, sink, self._gate, sleep, clock, chance, recorder, environ
        )
        self._links: dict[str, AwsPoller] = {}
        self._tasks: list[asyncio.Task[None]] = []
        # Whoever opens an instance sees that it takes long; nobody needs to be told why.
        self._opening = ThrottledClient(
            self._means, "detail", OPENINGS, lambda _refused, _wait: None
        )

    def start(self) -> None:
        """Begin; returns at once."""
        self._add(STS, CallerIdentity(self._means).parts(), gated=False)
        self._gate.on_shut(self._links[STS].again)
        self._add(EC2, self._instances())
        self._add(STATUS, [PolledCall(self._statuses(), essential=True)])
        self._add(AUTOSCALING, self._groups())
        self._add(NETWORK, self._network())
        self._add(IMAGES, self._images())
        self._add(SSM, self._sessions())
        if self._place.cluster:
            self._add(EKS, self._eks())
            self._add(ACCESS, self._access())
        else:
            self._estate.tried |= {"cluster", "nodegroups"}
            self._off(EKS, ACCESS)
        self._tasks = [
            asyncio.create_task(link.run(), name=f"eksview aws {name}")
            for name, link in self._links.items()
        ]
        for task in self._tasks:
            task.add_done_callback(_report)

    async def stop(self) -> None:
        """Let go of everything but the session, which is whoever's made it."""
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def nudge(self) -> None:
        """The nodes changed: ask EC2 about their instances at once."""
        self._links[EC2].nudge()

    def refresh(self) -> None:
        """Ask everything again, as soon as it may be."""
        for link in self._links.values():
            link.again()

    async def detail(self, instance: str) -> InstanceDetail:
        """What is asked only when an instance is opened; `UserError` for an unknown one."""
        row = self._estate.instances.get(instance)
        if row is None:
            raise UserError(f"EC2 knows no instance {instance} in {self._place.region}.")
        return await self.opened(row)

    async def opened(self, row: InstanceRow) -> InstanceDetail:
        """The same of a row at hand."""
        return await Opened(self._opening, row).detail()

    def _add(self, name: str, parts: Sequence[PolledCall], *, gated: bool = True) -> None:
        self._links[name] = AwsPoller(PLANS[name], parts, self._means, gated=gated)

    def _off(self, *names: str) -> None:
        now = self._means.clock()
        for name in names:
            self._means.sink.send(LinkState(Link(name, Phase.OFF, now, NO_CLUSTER)))

    def _instances(self) -> list[PolledCall]:
        means = self._means
        instances = Instances(
            self._place.cluster, self._known, self._estate, means.sink, means.clock
        )
        return [
            PolledCall(instances.everything, essential=True),
            PolledCall(instances.news, essential=True, regular=False, early=True),
        ]

    def _groups(self) -> list[PolledCall]:
        groups = Groups(
            self._place.cluster, self._known, self._estate, self._means.sink, self.nudge
        )
        return [
            PolledCall(groups.groups, essential=True),
            PolledCall(groups.all_activities, every=10),
            PolledCall(groups.activities),
        ]

    def _statuses(self) -> Callable[[ThrottledClient], Awaitable[None]]:
        return Statuses(self._known, self._estate, self._means.sink).everything

    def _network(self) -> list[PolledCall]:
        network = Network(self._estate, self._means.sink)
        return [
            PolledCall(network.subnets, essential=True),
            PolledCall(network.routes, every=5),
            PolledCall(network.security_groups, every=5),
            PolledCall(network.endpoints, every=10),
        ]

    def _images(self) -> list[PolledCall]:
        images = Images(self._estate, self._means.sink)
        return [PolledCall(images.types, essential=True), PolledCall(images.images)]

    def _sessions(self) -> list[PolledCall]:
        means = self._means
        visits = OpenSessions(self._known, self._estate, means.sink, means.clock)
        return [PolledCall(visits.active, essential=True), PolledCall(visits.past)]

    def _eks(self) -> list[PolledCall]:
        name, means = self._place.cluster, self._means
        cluster = Cluster(self._place, self._estate, means.sink, means.clock)
        updates = Updates(name, self._estate, means.sink)
        addons = Addons(name, self._estate, means.sink, updates, means.clock)
        return [
            PolledCall(cluster.describe, essential=True, early=True),
            PolledCall(cluster.support),
            PolledCall(Nodegroups(name, self._estate, means.sink).read, every=2, early=True),
            PolledCall(addons.read, every=4, early=True),
            PolledCall(addons.latest, every=4),
            PolledCall(updates.read, every=2, early=True),
            PolledCall(Fargate(name, means.sink).read, every=4),
            PolledCall(Insights(name, means.sink).read, every=20),
        ]

    def _access(self) -> list[PolledCall]:
        entries = AccessEntries(
            self._place.cluster, self._estate, self._means.sink, self._means.clock
        )
        return [PolledCall(entries.read, essential=True), PolledCall(entries.roles, every=3)]


def _report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        LOG.error("%s ended", task.get_name(), exc_info=task.exception())
