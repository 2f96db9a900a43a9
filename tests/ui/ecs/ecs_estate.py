"""An account with ECS as plain answers, read into a store, and every screen that shows it."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from eksview.aws.ecs_watcher import READERS
from eksview.aws.services.reader import DECLARED
from eksview.domain.live.messages import Message
from eksview.store.applier import apply
from eksview.store.store import Store
from eksview.ui.base.messages import (
    OpenContainerInstance,
    OpenEcsCluster,
    OpenService,
    OpenTask,
)
from tests.aws.ecs.ecs_world import AT, EcsBench, EcsWorld, machine_id
from tests.aws.fakes import Time
from tests.ui.harness import TestedApp, facts
from tests.ui.painted import pages_of, settle

JOINED, LONE = machine_id(1), machine_id(9)
SCREENS = ("ecs", "ecs-clusters", "ecs-services", "ecs-instances", "ecs-tasks")
SIZE = (200, 100)
POLLED = [call for reader in READERS for call in vars(reader).values() if callable(call)]
READS = {call.part: call for call in map(DECLARED.get, POLLED) if call}
"""The calls of ECS by the part that they read."""
ACTIONS = sorted({action for call in READS.values() for action in call.actions})


class FullEcs(EcsWorld):
    """A row in every table: two machines of one group, of which one has an agent."""

    def __init__(self) -> None:
        super().__init__("web")
        self.provide("on-demand", "ecs-group")
        self.instance = self.register(1, runningTasksCount=1, capacityProviderName="on-demand")
        self.launch(JOINED, group="ecs-group")
        self.launch(LONE, group="ecs-group", user_data="echo ECS_CLUSTER=wbe >> ecs.config")
        for machine in self.machines.values():
            machine["IamInstanceProfile"] = {"Arn": f"{self.prefix}instance-profile/ecs"}
        logs = {"awslogs-group": "/ecs/app", "awslogs-stream-prefix": "ecs"}
        container = {"name": "app", "image": "app:1", "lastStatus": "RUNNING", "runtimeId": "c1"}
        self.task = self.run(
            "1", group="service:front", containers=[container], containerInstanceArn=self.instance
        )
        (spec,) = self.definitions[self.define("app:1")]["containerDefinitions"]
        spec["logConfiguration"] = {"logDriver": "awslogs", "options": logs}
        self.service = self.arn("service", "web", "front")
        self.services["web"] = {self.service: self._service()}

    def _service(self) -> dict[str, Any]:
        definition = f"{self.prefix}task-definition/app:1"
        counts = {"desiredCount": 1, "runningCount": 1, "pendingCount": 0}
        deployment = {
            "id": "ecs-svc/1", "status": "PRIMARY", "rolloutState": "COMPLETED",
            "taskDefinition": definition, "createdAt": AT, "updatedAt": AT, **counts,
        }  # fmt: skip
        return {
            "serviceArn": self.service, "clusterArn": f"{self.prefix}cluster/web",
            "serviceName": "front", "status": "ACTIVE", "launchType": "EC2",
            "taskDefinition": definition, "deployments": [deployment], "createdAt": AT, **counts,
        }  # fmt: skip


class EcsEstate:
    """The store of such an account."""

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self.world, self.time = FullEcs(), Time(AT.timestamp() + 2000.0)
        self.world.session.answers |= answers
        self.store = Store(self.time.clock)

    def send(self, message: Message) -> None:
        apply(self.store, message)

    async def read(self, *, then: Mapping[str, Any] | None = None, later: float = 0.0) -> None:
        """Read the cluster, and go on with other answers."""
        facts(self.store.set_fact, self.time.clock())
        bench = EcsBench(self.world, sink=self, time=self.time)
        async with bench.following("", "web"):
            await self.time.advance(40.0)
            self.world.session.answers |= then or {}
            await self.time.advance(later)

    async def shown(self) -> dict[str, str]:
        """Return the text of every screen and tab of ECS as running words."""
        app, world = TestedApp(self.store, now=self.time.now), self.world
        opened = {
            OpenEcsCluster(f"{world.prefix}cluster/web"): ("details",),
            OpenService(world.service): ("details", "pods", "events"),
            OpenContainerInstance(world.instance): ("details", "pods", "ec2"),
            OpenContainerInstance(LONE): ("details", "ec2"),
            OpenTask(world.task): ("containers", "details"),
        }
        async with app.run_test(size=SIZE) as pilot:
            await settle(pilot)
            app.view.ecs_cluster = "web"
            go, show = app.navigation.go, app.navigation.open
            ways = [(name, partial(go, name), ("",)) for name in SCREENS]
            ways += [(f"{type(m).__name__} {m.key[-6:]}", partial(show, m), t)
                     for m, t in opened.items()]  # fmt: skip
            return await pages_of(pilot, ways)
