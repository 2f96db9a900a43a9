"""The ECS side of the harness' account: a cluster of two capacity providers, Fargate, trouble."""

from msgspec.structs import replace

from eksview.domain.aws.poll_plan import ECS_PLANS
from eksview.domain.base.reading import Read
from eksview.domain.base.text import Clean
from eksview.domain.live.facts import call_key
from eksview.domain.rows.aws import Call
from eksview.domain.rows.ecs import (
    CapacityProviderRow,
    ContainerSpec,
    EcsAmounts,
    EcsClusterRow,
    EcsContainer,
    EcsDeployment,
    EcsEvent,
    EcsInstanceRow,
    EcsMachineRow,
    EcsServiceRow,
    EcsTaskRow,
    TaskDefinitionRow,
)
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Link, Phase
from eksview.store.store import Store
from tests.domain.ecs_objects import container, ecs_instance, service, task
from tests.ui.aws_account import instance
from tests.ui.harness import DAY, NOW, ZONES

ARN = "arn:aws:ecs:us-west-2:111122223333"
SHOP, BATCH = "shop", "batch"
DISCONNECTED, DRAINING, LONE = 3, 4, 6
"""Which of the machines, by number, has what trouble."""
FAILED_TASK = f"{ARN}:task/{SHOP}/{'f' * 32}"
WEB = f"{ARN}:service/{SHOP}/web"


def machine_id(number: int) -> str:
    return f"i-0ec5{number:013x}"


def instance_arn(number: int) -> str:
    return f"{ARN}:container-instance/{SHOP}/{number:032x}"


def task_arn(number: int) -> str:
    return f"{ARN}:task/{SHOP}/{number:032x}"


def clusters() -> tuple[EcsClusterRow, ...]:
    shop = EcsClusterRow(
        arn=Clean(f"{ARN}:cluster/{SHOP}"),
        name=Clean(SHOP),
        status=Clean("ACTIVE"),
        instances=6,
        running=17,
        pending=1,
        services=3,
        providers=(Clean("general"), Clean("spot"), Clean("FARGATE"), Clean("FARGATE_SPOT")),
        strategy=(Clean("general weight 1 base 1"),),
        insights=Clean("enabled"),
        exec_logging=Clean("DEFAULT"),
    )
    batch = replace(
        shop,
        arn=Clean(f"{ARN}:cluster/{BATCH}"),
        name=Clean(BATCH),
        instances=0,
        running=0,
        pending=0,
        services=0,
        providers=(),
        strategy=(),
    )
    return shop, batch


def providers() -> tuple[CapacityProviderRow, ...]:
    def provider(name: str, group: str = "", scaling: str = "") -> CapacityProviderRow:
        return CapacityProviderRow(
            name=Clean(name),
            status=Clean("ACTIVE"),
            group=Clean(group),
            scaling=Clean(scaling),
            target=100 if scaling else None,
            protection=Clean("ENABLED" if scaling else ""),
            draining=Clean("ENABLED" if scaling else ""),
            update=Clean(""),
        )

    return (
        provider("general", "ecs-general", "ENABLED"),
        provider("spot", "ecs-spot", "ENABLED"),
        provider("FARGATE"),
        provider("FARGATE_SPOT"),
    )


def instances() -> list[EcsInstanceRow]:
    return [
        ecs_instance(
            arn=Clean(instance_arn(number)),
            cluster=Clean(SHOP),
            instance=Clean(machine_id(number)),
            status=Clean("DRAINING" if number == DRAINING else "ACTIVE"),
            connected=number != DISCONNECTED,
            registered=EcsAmounts(cpu=2048, memory=7764),
            remaining=EcsAmounts(cpu=2048 - 256 * (number + 1), memory=7764 - 900 * (number + 1)),
            running=number + 1,
            pending=int(number == 0),
            provider=Clean("spot" if number > 3 else "general"),
            since=NOW - DAY * (number + 1),
            attributes=tuple(
                (Clean(name), Clean(value))
                for name, value in (
                    ("ecs.availability-zone", ZONES[number % 3]),
                    ("ecs.instance-type", "m6i.large"),
                    ("ecs.os-type", "linux"),
                    ("ecs.capability.docker-remote-api.1.44", ""),
                    ("ecs.capability.task-eni", ""),
                )
            ),
        )
        for number in range(6)
    ]


def machines() -> list[EcsMachineRow]:
    rows = []
    for number in range(7):
        machine = instance(
            number % 6,
            id=Clean(machine_id(number)),
            state=Clean("running"),
            state_reason=Clean(""),
            launched=NOW - DAY * (number + 1) - 70 if number != LONE else NOW - 5400,
            lifecycle=Clean("spot" if number > 3 else ""),
        )
        group = Clean("ecs-spot" if number > 3 else "ecs-general")
        configured = Clean("default" if number == LONE else SHOP)
        rows.append(EcsMachineRow(machine, Clean(SHOP), group, Clean("InService"), configured))
    return rows


def tasks() -> list[EcsTaskRow]:
    on_machines = [
        task(
            arn=Clean(task_arn(number)),
            cluster=Clean(SHOP),
            group=Clean("service:web" if number % 2 else "service:api"),
            definition=Clean(f"{ARN}:task-definition/{'web:7' if number % 2 else 'api:12'}"),
            on=Clean(instance_arn(number % 6)),
            zone=Clean(ZONES[number % 3]),
            started=NOW - 3600 * (number + 1),
            containers=(_web("web" if number % 2 else "api"), _web("envoy")),
            exec_enabled=bool(number % 2),
        )
        for number in range(12)
    ]
    on_fargate = [
        task(
            arn=Clean(task_arn(100 + number)),
            cluster=Clean(SHOP),
            group=Clean("service:jobs"),
            definition=Clean(f"{ARN}:task-definition/jobs:3"),
            launch_type=Clean("FARGATE"),
            provider=Clean("FARGATE_SPOT" if number % 2 else "FARGATE"),
            on=Clean(""),
            zone=Clean(ZONES[number % 3]),
            platform=Clean("1.4.0"),
            cpu=Clean("512"),
            memory=Clean("1024"),
            status=Clean("PENDING" if number == 4 else "RUNNING"),
            started=None if number == 4 else NOW - 900 * (number + 1),
            containers=(_web("jobs"),),
        )
        for number in range(5)
    ]
    return [*on_machines, *on_fargate, failed_task()]


def failed_task() -> EcsTaskRow:
    return task(
        arn=Clean(FAILED_TASK),
        cluster=Clean(SHOP),
        on=Clean(instance_arn(1)),
        status=Clean("STOPPED"),
        desired=Clean("STOPPED"),
        stopped=NOW - 120,
        stop_code=Clean("EssentialContainerExited"),
        reason=Clean("Essential container in task exited"),
        containers=(
            container(
                status=Clean("STOPPED"),
                exit_code=137,
                reason=Clean("OutOfMemoryError: Container killed due to memory usage"),
            ),
            container("envoy", status=Clean("STOPPED"), exit_code=0),
        ),
    )


def _web(name: str) -> EcsContainer:
    return container(name, image=Clean(f"111122223333.dkr.ecr.us-west-2.amazonaws.com/{name}:7"))


def services() -> tuple[EcsServiceRow, ...]:
    deploying = EcsDeployment(
        id=Clean("ecs-svc/1234567890123456789"),
        status=Clean("PRIMARY"),
        rollout=Clean("IN_PROGRESS"),
        reason=Clean("ECS deployment ecs-svc/1234567890123456789 in progress."),
        definition=Clean(f"{ARN}:task-definition/web:7"),
        desired=6,
        running=5,
        pending=1,
        failed=1,
        created=NOW - 300,
        updated=NOW - 20,
    )
    before = replace(
        deploying,
        id=Clean("ecs-svc/9876543210987654321"),
        status=Clean("ACTIVE"),
        rollout=Clean("COMPLETED"),
        reason=Clean("ECS deployment ecs-svc/9876543210987654321 completed."),
        definition=Clean(f"{ARN}:task-definition/web:6"),
        desired=0,
        running=1,
        pending=0,
        failed=0,
        created=NOW - DAY,
    )
    events = (
        EcsEvent(NOW - 20, Clean("(service web) has started 1 tasks: (task 3f2a).")),
        EcsEvent(NOW - 90, Clean("(service web) was unable to place a task because no container "
                                 "instance met all of its requirements.")),
        EcsEvent(NOW - 7200, Clean("(service web) has reached a steady state.")),
    )  # fmt: skip
    web = service(
        arn=Clean(WEB), cluster=Clean(SHOP), desired=6, running=5, pending=1,
        deployments=(deploying, before), events=events, exec_enabled=True,
    )  # fmt: skip
    done = replace(before, status=Clean("PRIMARY"), desired=6, running=6)
    api = service(
        arn=Clean(f"{ARN}:service/{SHOP}/api"), name=Clean("api"), cluster=Clean(SHOP), desired=6,
        running=6, deployments=(done,), definition=Clean(f"{ARN}:task-definition/api:12"),
    )  # fmt: skip
    jobs = service(
        arn=Clean(f"{ARN}:service/{SHOP}/jobs"), name=Clean("jobs"), cluster=Clean(SHOP),
        desired=5, running=4, pending=1, deployments=(replace(done, desired=5, running=4),),
        launch_type=Clean(""), strategy=(Clean("FARGATE_SPOT weight 3"), Clean("FARGATE weight 1")),
        definition=Clean(f"{ARN}:task-definition/jobs:3"),
    )  # fmt: skip
    return web, api, jobs


def definitions() -> tuple[TaskDefinitionRow, ...]:
    def spec(name: str, driver: str = "awslogs") -> ContainerSpec:
        options = (
            ("awslogs-group", f"/ecs/{name}"),
            ("awslogs-region", "us-west-2"),
            ("awslogs-stream-prefix", "ecs"),
        )
        return ContainerSpec(
            Clean(name), Clean(f"{name}:7"), name != "envoy", 256, 512, None, Clean(driver),
            tuple((Clean(key), Clean(value)) for key, value in options if driver == "awslogs"),
        )  # fmt: skip

    def definition(family: str, revision: int, *specs: ContainerSpec) -> TaskDefinitionRow:
        return TaskDefinitionRow(
            Clean(f"{ARN}:task-definition/{family}:{revision}"), Clean(family), revision,
            Clean("ACTIVE"), Clean("awsvpc"), Clean("256"), Clean("512"),
            Clean(f"arn:aws:iam::111122223333:role/{family}-task"),
            Clean("arn:aws:iam::111122223333:role/ecsTaskExecutionRole"), specs,
        )  # fmt: skip

    firelens = spec("envoy", "awsfirelens")
    return (
        definition("web", 7, spec("web"), firelens),
        definition("api", 12, spec("api"), firelens),
        definition("jobs", 3, spec("jobs")),
    )


def populate_ecs(store: Store) -> Store:
    """Fill in everything that ECS and EC2 report of the clusters, all live."""
    rows = {
        Kind.ECS_CLUSTER: clusters(),
        Kind.ECS_PROVIDER: providers(),
        Kind.ECS_SERVICE: services(),
        Kind.ECS_INSTANCE: instances(),
        Kind.ECS_MACHINE: machines(),
        Kind.ECS_TASK: tasks(),
        Kind.ECS_DEFINITION: definitions(),
    }
    for kind, each in rows.items():
        for row in each:
            store.put(kind, row)
    ecs_links(store)
    return store


def ecs_links(store: Store) -> None:
    """Report the links of ECS as live."""
    for plan in ECS_PLANS.values():
        store.set_link(Link(plan.name, Phase.LIVE, NOW - 300, heard=NOW - 12))
        call = Call(Clean(plan.action), plan.period, plan.budget, 3, at=NOW - 12)
        store.set_fact(call_key(plan.name), Read(call, NOW - 12))
