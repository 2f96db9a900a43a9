"""Watches a cluster's AWS side: one poller for each link, until it is stopped."""

import asyncio
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import count
from logging import getLogger
from random import random
from time import time
from typing import TypeAlias

from msgspec.structs import replace

from eksview.aws.client.call_log import AwsCallLog
from eksview.aws.client.context import AwsContext, ClientSource
from eksview.aws.client.credentials_gate import CredentialsGate
from eksview.aws.client.session import AwsSession
from eksview.aws.client.throttled_client import ThrottledClient
from eksview.aws.ecs_watcher import EcsWatcher
from eksview.aws.logs.control_plane_log import ControlPlaneLog
from eksview.aws.logs.task_log import TaskLog
from eksview.aws.poll.poller import AwsPoller
from eksview.aws.services.access_entries import AccessEntries
from eksview.aws.services.autoscaling import Groups
from eksview.aws.services.candidates import CandidateSearch
from eksview.aws.services.ec2 import Images, Instances, Statuses
from eksview.aws.services.eks import Cluster, Insights, Updates
from eksview.aws.services.eks_parts import Addons, Fargate, Nodegroups
from eksview.aws.services.instance_detail import Opened
from eksview.aws.services.inventory import Inventory
from eksview.aws.services.network import Network
from eksview.aws.services.reader import DETAIL, AwsReader, WatchedAccount
from eksview.aws.services.ssm import OpenSessions
from eksview.aws.services.sts import CallerIdentity
from eksview.aws.services.vpc import VpcSettings
from eksview.domain.aws.instance_tracker import InstanceTracker
from eksview.domain.aws.poll_plan import ACCESS, EC2, EKS, PLANS, STS
from eksview.domain.aws.target import AwsTarget
from eksview.domain.base.clock import Clock, Sleep
from eksview.domain.base.errors import UserError
from eksview.domain.base.reading import Read
from eksview.domain.base.text import Clean
from eksview.domain.live.facts import Facts, FactSet
from eksview.domain.live.messages import LinkState, Sink, Trace
from eksview.domain.logs.control_plane import ControlPlaneRequest
from eksview.domain.logs.inbox import LogInbox
from eksview.domain.logs.task import TaskLogRequest
from eksview.domain.rows.aws import InstanceDetail, OpenedInstances
from eksview.domain.rows.link import Link, Phase

OpenSession: TypeAlias = Callable[[AwsTarget, Mapping[str, str]], AwsSession]
NO_CLUSTER = Clean("The kubeconfig names no EKS cluster; give its name with --cluster.")
ONLY_ECS = Clean("eksview was opened with --ecs-cluster: only ECS is read.")
OPENED = 100  # instances whose details are kept for the join checks
OPENINGS = 30  # calls a minute for instances that are opened
READERS: tuple[type[AwsReader], ...] = (
    CallerIdentity,
    Instances,
    CandidateSearch,
    Statuses,
    Groups,
    Network,
    VpcSettings,
    Images,
    OpenSessions,
    Cluster,
    Nodegroups,
    Fargate,  # early, because the access entries of its roles are read first
    Addons,
    Updates,  # after the add-ons, because it reads the updates of those that change
    Insights,
    AccessEntries,
)
"""The readers, in the order in which their calls are made on a link."""
LOG = getLogger(__name__)


class AccountWatcher:
    """One poller for each link. All of it runs on the loop that calls `start`.

    `numbers` are those of the recorded calls, shared with other recorders.
    """

    def __init__(  # noqa: PLR0913 - what a test replaces comes from outside
        self,
        session: ClientSource,
        place: AwsTarget,
        sink: Sink,
        tracker: InstanceTracker,
        *,
        sleep: Sleep = asyncio.sleep,
        clock: Clock = time,
        chance: Callable[[], float] = random,
        numbers: Iterator[int] | None = None,
        environ: Mapping[str, str] = os.environ,
        only_ecs: bool = False,
    ) -> None:
        self._place = place
        self._only_ecs = only_ecs
        self._gate = CredentialsGate()
        self._recorder = partial(
            AwsCallLog, lambda call: sink.send(Trace(call)), numbers or count(1), clock
        )
        self._context = AwsContext(
            session,
            place,
            sink,
            self._gate,
            sleep,
            clock,
            chance,
            self._recorder(place.region),
            environ,
        )
        self._inventory = Inventory(clock)
        self._account = WatchedAccount(self._context, self._inventory, tracker, self.nudge)
        self._pollers: dict[str, AwsPoller] = {}
        self._tasks: list[asyncio.Task[None]] = []
        # A person who opens an instance sees that it takes long; throttling needs no message.
        self._detail_client = ThrottledClient(
            self._context, DETAIL, OPENINGS, lambda _refused, _wait: None
        )

        self._ecs = EcsWatcher(self._context)
        self._opened: dict[str, InstanceDetail] = {}

    def start(self) -> None:
        """Begin; returns at once."""
        calls = [call for reader in READERS for call in reader(self._account).calls()]
        off = self._unread()
        if off:
            self._inventory.tried |= {"cluster", "nodegroups", "fargate"}
        for name, plan in PLANS.items():
            if name in off:
                self._off(name, off[name])
                continue
            parts = [call for call in calls if call.link == name]
            self._pollers[name] = AwsPoller(plan, parts, self._context, gated=name != STS)
        self._gate.on_shut(self._pollers[STS].again)
        self._tasks = [
            asyncio.create_task(poller.run(), name=f"eksview aws {name}")
            for name, poller in self._pollers.items()
        ]
        for task in self._tasks:
            task.add_done_callback(_report)

    async def stop(self) -> None:
        """Stop all pollers; the session stays open, because its maker closes it."""
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, self._ecs.stop(), return_exceptions=True)

    def nudge(self) -> None:
        """Ask EC2 about the instances at once, because nodes or groups changed."""
        self._pollers[EC2].nudge()

    def refresh(self) -> None:
        """Ask everything again, as soon as AWS and the budgets allow."""
        for poller in self._pollers.values():
            poller.again()
        self._ecs.refresh()

    def follow_ecs(self, clusters: Iterable[str]) -> None:
        """Read these ECS clusters and no others from now on; "" is for those of the region."""
        self._ecs.follow(clusters)

    async def detail(self, instance: str) -> InstanceDetail:
        """Return what is read only when an instance is opened; `UserError` for an unknown one."""
        inventory = self._inventory
        row = inventory.instances.get(instance) or inventory.candidates.get(instance)
        if row is None:
            raise UserError(f"EC2 has no instance {instance} in {self._place.region}.")
        detail = await Opened(self._detail_client, row).detail()
        kept = list(self._opened.items())[1 - OPENED :]
        self._opened = dict(kept) | {instance: replace(detail, console=())}
        reading = Read(OpenedInstances(self._opened), self._context.clock())
        self._context.sink.send(FactSet(Facts.opened_instances, reading))
        return detail

    async def read_task_logs(
        self, request: TaskLogRequest, inbox: LogInbox, open_session: OpenSession
    ) -> None:
        """Read logs of a task into an inbox until cancelled; another region takes a session."""
        place = self._place
        if request.region in ("", place.region):
            await TaskLog(self._context, request, inbox).run()
            return
        there = replace(place, region=request.region)
        session = open_session(there, self._context.environ)
        recorder = self._recorder(request.region)
        context = replace(self._context, session=session, place=there, recorder=recorder)
        try:
            await TaskLog(context, request, inbox).run()
        finally:
            await session.close()

    async def read_logs(self, request: ControlPlaneRequest, inbox: LogInbox) -> None:
        """Read the control plane's logs into an inbox until cancelled."""
        if not self._place.cluster:
            inbox.state(NO_CLUSTER)
            return
        await ControlPlaneLog(self._context, request, inbox).run()

    def _unread(self) -> Mapping[str, Clean]:
        """Return why links aren't read, by their names."""
        if self._only_ecs:
            return dict.fromkeys(PLANS.keys() - {STS}, ONLY_ECS)
        return {} if self._place.cluster else {EKS: NO_CLUSTER, ACCESS: NO_CLUSTER}

    def _off(self, name: str, reason: Clean) -> None:
        now = self._context.clock()
        self._context.sink.send(LinkState(Link(name, Phase.OFF, now, reason)))


def _report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        LOG.error("%s ended", task.get_name(), exc_info=task.exception())
