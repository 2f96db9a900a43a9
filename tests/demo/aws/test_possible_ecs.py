"""The demo's ECS agrees with itself at any time: counts, resources, deployments, tasks.

Sources: Amazon ECS API Reference (Cluster, ContainerInstance, Service, Task) and Developer Guide,
"Amazon ECS task lifecycle" and "Amazon ECS stopped tasks error messages".
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from eksview_demo.aws.account import Account
from eksview_demo.aws.ecs.task_life import KEPT
from eksview_demo.aws.server import OPERATIONS
from eksview_demo.cluster.build import build
from eksview_demo.cluster.cluster import DemoCluster
from tests.aws import shapes
from tests.demo.conftest import Time

CLUSTERS = ("batch", "edge", "shop")
TIMES = (0.0, 3.0, 31.0, 58.0, 77.0, 140.0, 700.0, 1_190.0, 2_500.0, 7_310.0, 90_000.0)
PENDING = {"PROVISIONING", "PENDING", "ACTIVATING"}
STATES = PENDING | {"RUNNING", "DEACTIVATING", "STOPPING", "DEPROVISIONING", "STOPPED"}
CODES = set(shapes.model("ecs").shape_for("TaskStopCode").enum)
Rule = Callable[["EcsLook"], Iterator[str]]
RULES: list[Rule] = []


def rule(function: Rule) -> Rule:
    RULES.append(function)
    return function


def account_of(time: Time, seed: int = 7, size: int = 6) -> Account:
    cluster = DemoCluster(seed=seed, clock=time)
    build(cluster, nodes=2, pods=4)
    return Account(cluster, ecs_instances=size)


def batches(names: list[str], size: int) -> Iterator[list[str]]:
    for low in range(0, len(names), size):
        yield names[low : low + size]


class EcsLook:
    """A cluster at one time, read as a client reads it."""

    def __init__(self, account: Account, cluster: str) -> None:
        self.account, self.name, self.now = account, cluster, account.now
        (self.cluster,) = self.ask("DescribeClusters", clusters=[cluster])["clusters"]
        self.services = self.described(
            "DescribeServices", "services", self.listed("ListServices", "serviceArns"), 10
        )
        self.instances = self.described(
            "DescribeContainerInstances",
            "containerInstances",
            self.listed("ListContainerInstances", "containerInstanceArns"),
        )
        names = [
            name
            for desired in ("RUNNING", "STOPPED")
            for name in self.listed("ListTasks", "taskArns", desiredStatus=desired)
        ]
        self.tasks = self.described("DescribeTasks", "tasks", names)

    def ask(self, operation: str, **parameters: Any) -> Any:
        return OPERATIONS["ecs"][operation](self.account, parameters)

    def listed(self, operation: str, key: str, **parameters: Any) -> list[str]:
        names: list[str] = []
        token: dict[str, str] = {}
        while True:
            page = self.ask(operation, cluster=self.name, **parameters, **token)
            names += page[key]
            if "nextToken" not in page:
                assert len(names) == len(set(names))
                return names
            token = {"nextToken": page["nextToken"]}

    def described(self, operation: str, key: str, names: list[str], size: int = 100) -> list[Any]:
        answers = [
            self.ask(operation, cluster=self.name, **{key: batch}) for batch in batches(names, size)
        ]
        assert [each for answer in answers for each in answer["failures"]] == []
        return [each for answer in answers for each in answer[key]]

    def counted(self, tasks: list[Any]) -> tuple[int, int]:
        states = [task["lastStatus"] for task in tasks]
        return states.count("RUNNING"), sum(state in PENDING for state in states)

    def of_service(self, service: Any) -> list[Any]:
        return [task for task in self.tasks if task["group"] == f"service:{service['serviceName']}"]


@rule
def a_cluster_counts_its_tasks_services_and_instances(look: EcsLook) -> Iterator[str]:
    cluster = look.cluster
    if (cluster["runningTasksCount"], cluster["pendingTasksCount"]) != look.counted(look.tasks):
        yield f"{look.name} counts other tasks"
    if cluster["activeServicesCount"] != len(look.services):
        yield f"{look.name} counts other services"
    if cluster["registeredContainerInstancesCount"] != len(look.instances):
        yield f"{look.name} counts other instances"


@rule
def an_instance_counts_its_tasks_and_what_they_leave(look: EcsLook) -> Iterator[str]:
    for instance in look.instances:
        name = instance["containerInstanceArn"]
        tasks = [task for task in look.tasks if task.get("containerInstanceArn") == name]
        if (instance["runningTasksCount"], instance["pendingTasksCount"]) != look.counted(tasks):
            yield f"{name} counts other tasks"
        for index, key in ((0, "cpu"), (1, "memory")):
            registered = instance["registeredResources"][index]["integerValue"]
            left = instance["remainingResources"][index]["integerValue"]
            taken = sum(int(task[key]) for task in tasks if task["lastStatus"] != "STOPPED")
            if not 0 <= left == registered - taken:
                yield f"{name} has {left} of {registered} {key} left, {taken} are taken"


@rule
def a_service_and_its_deployments_count_their_tasks(look: EcsLook) -> Iterator[str]:
    for service in look.services:
        name, tasks = service["serviceName"], look.of_service(service)
        if (service["runningCount"], service["pendingCount"]) != look.counted(tasks):
            yield f"{name} counts other tasks"
        listed = {each["id"] for each in service["deployments"]}
        for deployment in service["deployments"]:
            own = [task for task in tasks if task["startedBy"] == deployment["id"]]
            if (deployment["runningCount"], deployment["pendingCount"]) != look.counted(own):
                yield f"{deployment['id']} of {name} counts other tasks"
            if any(task["taskDefinitionArn"] != deployment["taskDefinition"] for task in own):
                yield f"{deployment['id']} of {name} has tasks of another definition"
        if strays := {
            task["taskArn"]
            for task in tasks
            if task["lastStatus"] in PENDING | {"RUNNING"} and task["startedBy"] not in listed
        }:
            yield f"{name} runs tasks of no deployment: {strays}"
        if service["runningCount"] + service["pendingCount"] < service["desiredCount"] - 2:
            yield f"{name} lacks tasks"


@rule
def deployments_have_one_primary_and_state_how_far_it_is(look: EcsLook) -> Iterator[str]:
    for service in look.services:
        first, *older = service["deployments"]
        if first["status"] != "PRIMARY" or any(each["status"] != "ACTIVE" for each in older):
            yield f"{service['serviceName']} has no primary deployment"
        if service["taskDefinition"] != first["taskDefinition"]:
            yield f"{service['serviceName']} has another definition than its deployment"
        if any(each["createdAt"] > first["createdAt"] for each in older):
            yield f"{service['serviceName']} has an older primary deployment"
        complete = first["rolloutState"] == "COMPLETED"
        if complete and (older or first["createdAt"] > look.now - 10):
            yield f"{service['serviceName']} is complete beside an older deployment"
        if (first["rolloutState"] == "FAILED") > (first["failedTasks"] >= 3):
            yield f"{service['serviceName']} failed without failures"


@rule
def events_are_the_newest_hundred_in_order(look: EcsLook) -> Iterator[str]:
    for service in look.services:
        times = [event["createdAt"] for event in service["events"]]
        if times != sorted(times, reverse=True) or len(times) > 100 or times[0] > look.now:
            yield f"{service['serviceName']} has events out of order"
        if any(
            not each["message"].startswith(f"(service {service['serviceName']})")
            for each in service["events"]
        ):
            yield f"{service['serviceName']} has events of others"


@rule
def a_tasks_times_and_states_follow_each_other(look: EcsLook) -> Iterator[str]:
    order = ("createdAt", "pullStartedAt", "pullStoppedAt", "startedAt", "stoppingAt", "stoppedAt")
    for task in look.tasks:
        name, state = task["taskArn"], task["lastStatus"]
        times = [task[key] for key in order if key in task]
        if times != sorted(times) or times[-1] > look.now:
            yield f"{name}: {times}"
        if state not in STATES or (state == "STOPPED") is not ("stoppedAt" in task):
            yield f"{name} is {state}"
        if (task["desiredStatus"] == "STOPPED") is not ("stopCode" in task):
            yield f"{name} has a stop code before its end, or none"
        if task.get("stoppedAt", look.now) < look.now - KEPT:
            yield f"{name} is shown for more than an hour"
        if task.get("stopCode", "UserInitiated") not in CODES:
            yield f"{name} has the stop code {task['stopCode']}"
        if task["launchType"] == "FARGATE" and "containerInstanceArn" in {
            key for key, value in task.items() if value
        }:
            yield f"{name} has a container instance on Fargate"


@rule
def containers_end_as_their_task_does(look: EcsLook) -> Iterator[str]:
    for task in look.tasks:
        first = task["containers"][0]
        code, exited = task.get("stopCode"), first.get("exitCode")
        if code == "TaskFailedToStart" and (exited is not None or "startedAt" in task):
            yield f"{task['taskArn']} failed to start and ran"
        if code == "EssentialContainerExited" and exited not in (0, 1, 137):
            yield f"{task['taskArn']} ended with {exited}"
        if (exited == 137) is not ("OutOfMemoryError" in first.get("reason", "")):
            yield f"{task['taskArn']} was killed for {first.get('reason')}"
        if code == "SpotInterruption" and task["capacityProviderName"] != "FARGATE_SPOT":
            yield f"{task['taskArn']} was interrupted on {task['capacityProviderName']}"


@pytest.mark.parametrize("function", RULES, ids=lambda function: function.__name__)
@pytest.mark.parametrize("seed", [7, 8])
def test_the_account_is_possible_at_any_time(function: Rule, seed: int) -> None:
    time = Time()
    account, began = account_of(time, seed), time.now
    for later in TIMES:
        time.now = began + later
        for cluster in CLUSTERS:
            assert list(function(EcsLook(account, cluster))) == [], (cluster, later)


def test_a_day_has_every_way_to_end() -> None:
    time = Time()
    account, began = account_of(time), time.now
    ways: set[tuple[str, int | None]] = set()
    reasons, health, rollouts = set(), set(), set()
    for minutes in range(0, 600, 5):
        time.now = began + minutes * 60.0
        for cluster in CLUSTERS:
            look = EcsLook(account, cluster)
            for task in look.tasks:
                health.add(task["healthStatus"])
                if "stopCode" in task:
                    ways.add((task["stopCode"], task["containers"][0].get("exitCode")))
                    reasons.add(task["stoppedReason"].split(" (deployment")[0].split(":")[0])
            rollouts |= {d["rolloutState"] for s in look.services for d in s["deployments"]}
    assert ways >= {
        ("EssentialContainerExited", 0),
        ("EssentialContainerExited", 1),
        ("EssentialContainerExited", 137),
        ("ServiceSchedulerInitiated", 0),
        ("ServiceSchedulerInitiated", 143),
        ("SpotInterruption", 143),
        ("TaskFailedToStart", None),
    }
    assert reasons >= {
        "CannotPullContainerError",
        "Scaling activity initiated by",
        "Task failed container health checks",
    }
    assert health == {"HEALTHY", "UNHEALTHY", "UNKNOWN"}
    assert rollouts == {"COMPLETED", "FAILED", "IN_PROGRESS"}


def test_two_accounts_of_one_seed_are_the_same() -> None:
    documents = []
    for _ in range(2):
        time = Time()
        account = account_of(time)
        time.now += 432.0
        documents.append(EcsLook(account, "shop").tasks)
    assert documents[0] == documents[1]


def test_the_machines_have_the_troubles_of_real_ones() -> None:
    look = EcsLook(account_of(Time()), "shop")
    by_machine: dict[str, list[Any]] = {}
    for instance in look.instances:
        by_machine.setdefault(instance["ec2InstanceId"], []).append(instance)
    assert sorted(len(each) for each in by_machine.values()) == [1, 1, 1, 1, 1, 2]
    assert [each["status"] for each in look.instances].count("DRAINING") == 1
    silent = [each for each, *again in by_machine.values() if not (each["agentConnected"] or again)]
    assert len(silent) == 1
    groups = OPERATIONS["autoscaling"]["DescribeAutoScalingGroups"](
        look.account, {"AutoScalingGroupNames": ["ecs-general"]}
    )["AutoScalingGroups"]
    members = {each["InstanceId"] for each in groups[0]["Instances"]}
    assert members > set(by_machine)
    assert len(members - set(by_machine)) == 3


@pytest.mark.parametrize(
    ("size", "reason"), [(6, "insufficient memory"), (0, "No Container Instances were found")]
)
def test_what_fits_nowhere_waits_and_says_why(size: int, reason: str) -> None:
    look = EcsLook(account_of(Time(), size=size), "shop")
    (service,) = (each for each in look.services if each["serviceName"] == "reports")
    assert (service["desiredCount"], service["runningCount"], service["pendingCount"]) == (1, 0, 0)
    assert service["deployments"][0]["rolloutState"] == "IN_PROGRESS"
    assert reason in service["events"][0]["message"]


@pytest.mark.parametrize("size", [0, 1, 450])
def test_other_sizes_are_possible_too(size: int) -> None:
    look = EcsLook(account_of(Time(), size=size), "shop")
    machines = {each["ec2InstanceId"] for each in look.instances}
    assert len(machines) == size
    for function in RULES:
        assert list(function(look)) == []


def test_five_thousand_instances_are_listed_by_pages() -> None:
    account = account_of(Time(), size=5000)
    look = EcsLook.__new__(EcsLook)
    look.account, look.name = account, "shop"
    names = look.listed("ListContainerInstances", "containerInstanceArns")
    assert len(names) == 5000 + 25  # those that registered twice
    assert len(look.listed("ListTasks", "taskArns", serviceName="api")) >= 5000
