"""Every column of every table sorts as its values do: the rows of each stand here in order.

Most columns begin with the smallest value. A status begins with the worst, a time of day and a
newest activity with the latest, because that is what they are sorted for.
"""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, NamedTuple

import pytest
from msgspec.structs import replace

from eksview.domain.base.health import Health
from eksview.domain.base.reading import Read
from eksview.domain.ecs.pair import EcsPair
from eksview.domain.join.mapping_row import MappingContext, MappingRow, Membership, RowKind
from eksview.domain.join.nodegroups import GroupRow
from eksview.domain.kube.pod_totals import PodTotals
from eksview.domain.live.api_call import ApiCall
from eksview.domain.rows.aws import (
    Activity,
    AutoScalingRow,
    ImageRow,
    Issue,
    Member,
    ScheduledEvent,
    SessionRow,
    StatusRow,
    UpdateRow,
)
from eksview.domain.rows.ecs import EcsAmounts, EcsEvent
from eksview.domain.rows.kube import (
    Amounts,
    ClaimRow,
    Condition,
    LeaseRow,
    PodUsageRow,
    Requests,
    Taint,
    UsageRow,
)
from eksview.domain.tables.column import Column, NodeContext, PodContext
from eksview.domain.tables.ecs_cluster_columns import ECS_CLUSTER_COLUMNS
from eksview.domain.tables.ecs_columns import EcsContext
from eksview.domain.tables.ecs_instance_columns import ECS_INSTANCE_COLUMNS
from eksview.domain.tables.ecs_service_columns import ECS_SERVICE_COLUMNS
from eksview.domain.tables.ecs_task_columns import ECS_TASK_COLUMNS
from eksview.domain.tables.mapping_columns import MAPPING_COLUMNS
from eksview.domain.tables.node_columns import NODE_COLUMNS
from eksview.domain.tables.nodegroup_columns import NODEGROUP_COLUMNS, NodegroupContext
from eksview.domain.tables.pod_columns import POD_COLUMNS
from eksview.domain.tables.trace_columns import TRACE_COLUMNS, TraceContext
from tests.domain.aws_objects import ID, NOW, instance, node, not_ready, pod
from tests.domain.ecs_objects import (
    container,
    deployment,
    ecs_cluster,
    ecs_instance,
    service,
    task,
)
from tests.domain.join.test_claims import claim as claim_of_name

Changes = Mapping[str, Any]


class Table(NamedTuple):
    """Columns, their rows in order by column, and how a row and its context are made."""

    columns: tuple[Column[Any, Any], ...]
    ordered: Mapping[str, list[Changes]]
    make: Any


def by(field: str, *values: Any) -> list[Changes]:
    return [{field: value} for value in values]


def session(number: int, *, is_open: bool = True) -> SessionRow:
    return SessionRow(f"s-{number}", ID, "arn", NOW, None, "", "Connected", open=is_open)


NOBODY, ONE, TWO = (), (session(1), session(9, is_open=False)), (session(1), session(2))

# nodes


def make_node(
    *,
    sums: Changes | None = None,
    beat: float | None = None,
    used: tuple[int, int] | None = None,
    sessions: tuple[SessionRow, ...] | None = None,
    ready: bool = True,
    **changes: Any,
) -> tuple[Any, Any]:
    total = PodTotals()
    for field, value in (sums or {}).items():
        setattr(total, field, value)
    lease = LeaseRow("kube-node-lease", "n", "u", "n", NOW - (beat or 0), None, 40, 0)
    usage = UsageRow("n", NOW, *used) if used else None
    size = Amounts(cpu=100_000, memory=1_000_000, pods=10)
    row = (node if ready else not_ready)(**{"allocatable": size} | changes)
    context = NodeContext(
        NOW,
        lambda _: total,
        lambda _: lease if beat is not None else None,
        lambda _: usage,
        lambda _: sessions,
    )
    return row, context


def condition(kind: str) -> tuple[Condition, ...]:
    return (Condition("Ready", "True"), Condition(kind, "True"))


ZONE, TYPE = "topology.kubernetes.io/zone", "node.kubernetes.io/instance-type"
GROUP, ROLE = "eks.amazonaws.com/nodegroup", "node-role.kubernetes.io/"

NODES: dict[str, list[Changes]] = {
    "name": by("name", "n-1", "n-2", "n-9", "n-10", "o-1"),
    "status": [
        {"ready": False},
        {"conditions": condition("DiskPressure")},
        {"unschedulable": True},
        {"conditions": ()},
        {},
    ],
    "roles": by("labels", {}, {f"{ROLE}control-plane": ""}, {f"{ROLE}infra": ""}),
    "age": by("created", NOW - 1, NOW - 2, NOW - 90, NOW - 86_400, 0.0),
    "version": by("kubelet", "v1.9.1", "v1.32.9", "v1.32.10", "v1.33.0"),
    "internal-ip": by("internal_ip", "", "10.0.0.9", "10.0.0.10", "10.0.1.2", "100.64.0.1"),
    "external-ip": by("external_ip", "", "9.0.0.1", "52.0.0.1", "198.51.100.1"),
    "os-image": by("os_image", "", "Amazon Linux 2023", "Bottlerocket"),
    "kernel": by("kernel", "", "5.10.9", "5.10.10", "6.1.0"),
    "runtime": by("runtime", "", "containerd://1", "containerd://1.7.9", "containerd://1.7.27")
    + by("runtime", "docker://2"),
    "pods": by("sums", {"pods": -1}, {}, {"pods": 2}, {"pods": 10}, {"pods": 110}),
    "cpu-use": by("used", None, (9_000, 0), (60_000, 0), (60_010, 0), (100_000, 0)),
    "mem-use": by("used", None, (0, 90_000), (0, 600_000), (0, 600_100), (0, 1_000_000)),
    "cpu": by("sums", {"cpu": -1}, {"cpu": 9_000}, {"cpu": 60_000}, {"cpu": 60_010})
    + by("sums", {"cpu": 100_000}, {"cpu": 250_000}),
    "mem": by("sums", {"memory": -1}, {"memory": 90_000}, {"memory": 600_000})
    + by("sums", {"memory": 600_100}, {"memory": 1_000_000}),
    "conditions": by("conditions", (), condition("DiskPressure"), condition("PIDPressure")),
    "taints": by("taints", (), (Taint("a", "", "NoSchedule"),), (Taint("b", "", "NoExecute"),)),
    "zone": [{"labels": {ZONE: f"us-west-2{letter}"}} for letter in "abc"],
    "group": [{"labels": {GROUP: f"ng-{number}"}} for number in (1, 2, 9, 10)],
    "heartbeat": by("beat", None, 0.0, 0.1, 0.2, 3.0, 20.0, 100.0),
    "instance": by("provider_id", "", "aws:///us-west-2a/i-0a", "aws:///us-west-2a/i-0b"),
    "type": [{"labels": {TYPE: name}} for name in ("c5.large", "m6i.large", "m6i.xlarge")],
    "sessions": by("sessions", None, NOBODY, ONE, TWO),
}

# pods


REQUESTED = Requests(1_000, 1_000, 2_000, 2_000)


def make_pod(
    used: tuple[int, int] | None = None, at: float = NOW, **changes: Any
) -> tuple[Any, Any]:
    usage = PodUsageRow("a/b", at, *used) if used else None
    row = pod(**{"requests": REQUESTED} | changes)
    return row, PodContext(NOW, usage_of=lambda _: usage)


CPU = by("used", None, (0, 9), (9, 9), (100, 9), (1_000, 9), (2_000, 9))
MEMORY = by("used", None, (9, 0), (9, 90), (9, 100), (9, 1_000), (9, 2_000))


def amounts(field: str, *values: int) -> list[Changes]:
    return [{"requests": Requests(**{field: value})} for value in values]


PODS: dict[str, list[Changes]] = {
    "namespace": by("namespace", "default", "kube-system", "shop"),
    "name": by("name", "api", "web", "web-1"),
    "ready": [
        {"ready": ready, "containers": total}
        for ready, total in ((0, 3), (1, 3), (0, 1), (2, 3), (1, 1), (2, 2), (10, 10))
    ],
    "status": [
        {"status": "CrashLoopBackOff"},
        {"status": "Error"},
        {"status": "Pending"},
        {"status": "Running", "ready": 0},
        {"status": "Unknown"},
        {"status": "Completed"},
        {"status": "Running"},
    ],
    "restarts": by("restarts", 0, 1, 2, 10, 100),
    "age": by("created", NOW - 1, NOW - 2, NOW - 90, NOW - 86_400, 0.0),
    "ip": by("ip", "", "10.0.0.9", "10.0.0.10", "10.0.1.2", "100.64.0.1", "2001:db8::1"),
    "node": by("node", "", "n1", "n2"),
    "nominated": by("nominated", "", "n1", "n2"),
    "gates": by("gates", "", "0/1", "1/1"),
    "cpu": CPU,
    "mem": MEMORY,
    "cpu-r": [CPU[0], CPU[1], *CPU[3:]],
    "cpu-l": [CPU[0], CPU[1], *CPU[3:]],
    "mem-r": MEMORY,
    "mem-l": MEMORY,
    "measured": [{"used": (1, 1), "at": NOW - ago} for ago in (1, 2, 30, 100)] + [{}],
    "cpu-req": amounts("cpu", 0, 1, 2, 999, 1_000, 1_001, 20_000),
    "mem-req": amounts("memory", 0, 512, 1_024, 2**20, 2**20 + 1, 2**30),
    "cpu-lim": amounts("cpu_limit", 0, 1, 2, 999, 1_000, 1_001, 20_000),
    "mem-lim": amounts("memory_limit", 0, 512, 1_024, 2**20, 2**20 + 1, 2**30),
}

# nodes and instances


def make_mapping(
    *,
    its_node: Changes | None = None,
    machine: Changes | None = None,
    checks: tuple[str, str] | None = None,
    coming: str = "",
    image_age: float | None = None,
    member: Changes | None = None,
    group: str = "asg",
    sessions: tuple[SessionRow, ...] | None = None,
    alone: bool = False,
    claimed: ClaimRow | None = None,
    **changes: Any,
) -> tuple[Any, Any]:
    row = MappingRow("k", RowKind.JOINED, "" if its_node is None else "n", ID, "Ready", "")
    owner = AutoScalingRow(group, 1, 2, 3, (), (), "", {})
    place = replace(Member(ID, "InService", "Healthy", "us-west-2a", ""), **member or {})
    events = (ScheduledEvent(coming, "", NOW + 60),) if coming else ()
    status = StatusRow(ID, *(checks or ("ok", "ok")), events=events)
    own_node = node(**its_node) if its_node is not None else None
    own_instance = instance(**machine or {})
    image = ImageRow("ami", "", NOW - image_age) if image_age is not None else None
    context = MappingContext(
        now=NOW,
        node=lambda _: own_node,
        instance=lambda _: None if alone else own_instance,
        status=lambda _: status if checks or coming else None,
        image=lambda _: image,
        membership=lambda _: Membership(owner, place) if member is not None else None,
        claim=lambda _: claimed,
        sessions=lambda _: sessions,
    )
    return replace(row, **changes), context


def machines(field: str, *values: Any) -> list[Changes]:
    return [{"machine": {field: value}} for value in values]


def tags(key: str, *values: str) -> list[Changes]:
    return machines("tags", *({key: value} for value in values))


KINDS = [
    RowKind.MISMATCH,
    RowKind.NOT_JOINED,
    RowKind.ORPHAN,
    RowKind.UNKNOWN,
    RowKind.CANDIDATE,
    RowKind.JOINED,
    RowKind.NO_NODE,
    RowKind.NOT_EC2,
    RowKind.GONE,
]
MAPPING: dict[str, list[Changes]] = {
    "kind": by("kind", *KINDS),
    "node": by("node", "", "n-2", "n-9", "n-10"),
    "instance": by("instance", "", "i-0a", "i-0b"),
    "state": [
        {"kind": RowKind.MISMATCH, "word": "Ready, instance stopped"},
        {"kind": RowKind.NOT_JOINED, "word": "joining", "overdue": NOW},  # it has failed to join
        {"kind": RowKind.NOT_JOINED, "word": "joining", "overdue": NOW + 1},
        {"kind": RowKind.JOINED, "word": "NotReady"},
        {"kind": RowKind.JOINED, "word": "Ready"},
    ],
    "ready": [{}, {"its_node": {"conditions": not_ready().conditions}}, {"its_node": {}}],
    "ec2": [{"alone": True}, *machines("state", "pending", "running", "stopped")],
    "checks": by("checks", ("ok", "impaired"), ("ok", "insufficient-data"))
    + by("checks", ("initializing", "ok"), ("ok", "ok"), None),
    "events": by("coming", "", "instance-reboot", "system-reboot"),
    "type": machines("type", "c5.large", "m6i.2xlarge", "m6i.12xlarge"),
    "zone": machines("zone", "us-west-2a", "us-west-2b", "us-west-2c"),
    "capacity": machines("lifecycle", "capacity-block", "", "spot"),
    "age": machines("launched", NOW - 1, NOW - 2, NOW - 90, NOW - 86_400, None),
    "manager": machines("tags", {}, {"karpenter.sh/nodepool": "a"}, {"eks:nodegroup-name": "a"}),
    "group": tags("eks:nodegroup-name", "ng-2", "ng-9", "ng-10"),
    "nodeclaim": [{}, *({"claimed": claim_of_name(name=name)} for name in ("c-2", "c-9", "c-10"))],
    "asg": [{"member": {}, "group": name} for name in ("asg-2", "asg-9", "asg-10")],
    "lifecycle": [{}, *({"member": {"lifecycle": word}} for word in ("InService", "Terminating"))],
    "template": [{}, *({"member": {"template": f"lt-1 v{number}"}} for number in (2, 9, 10))],
    "image": machines("image", "", "ami-0a", "ami-0b"),
    "image-age": by("image_age", 1.0, 2.0, 90.0, 86_400.0, None),
    "private-ip": machines("private_ip", "", "10.0.0.9", "10.0.0.10", "100.64.0.1"),
    "public-ip": machines("public_ip", "", "9.0.0.1", "52.0.0.1", "198.51.100.1"),
    "sessions": by("sessions", None, NOBODY, ONE, TWO),
}

# groups


def make_group(**changes: Any) -> tuple[Any, Any]:
    row = GroupRow(
        name="ng",
        type="managed",
        status="ACTIVE",
        least=1,
        desired=2,
        most=3,
        actual=2,
        joined=2,
        ready=2,
        version="1.33",
        release="",
        template="",
        capacity="",
        types=(),
        autoscaling=(),
        issues=(),
        suspended=(),
        update=None,
        activities=(),
        created=None,
    )
    return replace(row, **changes), NodegroupContext(NOW)


def issues(count: int) -> tuple[Issue, ...]:
    return (Issue("Code", "", ()),) * count


def activities(*ages: float) -> list[Changes]:
    return [
        {"activities": (Activity(NOW - seconds, None, "Successful", "", "", ""),)}
        for seconds in ages
    ]


NODEGROUPS: dict[str, list[Changes]] = {
    "name": by("name", "ng-2", "ng-9", "ng-10"),
    "type": by("type", "managed", "self-managed"),
    "status": by("status", "CREATE_FAILED", "DEGRADED", "CREATING", "UPDATING", "ACTIVE"),
    "min": by("least", 0, 2, 10),
    "desired": by("desired", 0, 2, 10),
    "max": by("most", 0, 2, 10),
    "actual": by("actual", None, 0, 2, 10),
    "ready": by("ready", 0, 2, 10),
    "warm": by("warm", None, Read(0, NOW), Read(2, NOW), Read(10, NOW)),
    "issues": by("issues", issues(3), issues(1), ()),
    "update": by(
        "update",
        None,
        UpdateRow("u", "ng", "ConfigUpdate", "InProgress", NOW),
        UpdateRow("u", "ng", "VersionUpdate", "Failed", NOW),
        UpdateRow("u", "ng", "VersionUpdate", "InProgress", NOW),
    ),
    "activity": [*activities(1, 2, 90), {"activities": ()}],
    "capacity": by("capacity", "", "ON_DEMAND", "SPOT"),
    "version": by("version", "", "1.9", "1.32", "1.33"),
    "release": by("release", "", "1.33.4-20251001", "1.33.10-20250101"),
    "types": by("types", (), ("c5.large",), ("m6i.large", "m5.large")),
    "template": by("template", "", "lt-1 v2", "lt-1 v10"),
}

# calls


def make_call(**changes: Any) -> tuple[Any, Any]:
    call = ApiCall(number=1, at=NOW, service="kubernetes", verb="get", target="/", source="")
    return replace(call, **changes), TraceContext(NOW)


TRACE: dict[str, list[Changes]] = {
    "time": [{"number": 12, "at": NOW}, {"number": 9, "at": NOW - 1}, {"number": 1, "at": 0.0}],
    "source": by("source", "", "ec2", "nodes"),
    "service": by("service", "aws", "kubernetes"),
    "verb": by("verb", "get", "list", "watch"),
    "status": [{"reason": "No route."}, *by("status", 503, 404, 201, 200)],
    "took": by("took", None, 0.000_01, 0.000_02, 0.012, 1.2, 30.0),
    "size": by("size", 0, 1, 1_024, 2**20, 2**20 + 1),
    "items": by("items", None, 0, 2, 10, 1_000),
    "target": [{"target": "/b", "reason": "/ was refused."}, {"target": "/a"}, {"target": "/b"}],
}

# ECS

_CODES = (None, 0, 1, 137)


def ecs_context() -> EcsContext:
    return EcsContext(NOW, {"a/ci/x": ecs_instance(instance="i-0a")}.get)


def make_pair(
    of_ecs: Changes | None = None, machine: Changes | None = None, **changes: Any
) -> tuple[Any, Any]:
    its = replace(ecs_instance(), **of_ecs) if of_ecs is not None else None
    of_ec2 = None if machine is None else replace(instance(), **machine)
    pair = EcsPair(its, of_ec2, Health.OK, "ACTIVE", (), "shop")
    return replace(pair, **changes), ecs_context()


def make_service(**changes: Any) -> tuple[Any, Any]:
    return service(**changes), ecs_context()


def make_task(**changes: Any) -> tuple[Any, Any]:
    return task(**changes), ecs_context()


def make_ecs_cluster(**changes: Any) -> tuple[Any, Any]:
    return ecs_cluster(**changes), ecs_context()


def remaining(**amounts: int | None) -> list[Changes]:
    return [{"of_ecs": {"remaining": EcsAmounts(**amounts)}}]


ECS_INSTANCES: dict[str, list[Changes]] = {
    "cluster": by("cluster", "bakery", "shop", "shop-2", "shop-10"),
    "name": [{"machine": {"id": name}} for name in ("i-0a", "i-0b", "mi-0a")],
    "status": [
        {"health": Health.BAD, "words": "not registered"},
        {"health": Health.WARN, "words": "DRAINING, no tasks left"},
        {"health": Health.UNKNOWN, "words": "container instances not read"},
        {"health": Health.OK, "words": "ACTIVE"},
    ],
    "agent": [{}, *by("of_ecs", {}, {"update": "PENDING"}, {"connected": False})],
    "version": [{}, *by("of_ecs", {"agent": "1.9.0"}, {"agent": "1.89.3"}, {"agent": "1.100.0"})],
    "cpu": [{}, *remaining(cpu=2048), *remaining(cpu=1024), *remaining(cpu=0)],
    "mem": [{}, *remaining(memory=7764), *remaining(memory=7000), *remaining(memory=0)],
    "running": [{}, *by("of_ecs", {"running": 0}, {"running": 3}, {"running": 10})],
    "pending": [{}, *by("of_ecs", {"pending": 0}, {"pending": 3}, {"pending": 10})],
    "type": [{}, *by("machine", {"type": "c5.large"}, {"type": "m6i.large"})],
    "state": [{}, *by("machine", {"state": "running"}, {"state": "stopped"})],
    "zone": [{}, *by("machine", {"zone": "us-west-2a"}, {"zone": "us-west-2b"})],
    "provider": [{}, *by("of_ecs", {"provider": "cp-2"}, {"provider": "cp-10"})],
    "age": [
        {"of_ecs": {"since": NOW - 1}},
        {"machine": {"launched": NOW - 2}},
        {"of_ecs": {"since": NOW - 90}},
        {},
    ],
    "docker": [{}, *by("of_ecs", {"docker": "DockerVersion: 9.1"}, {"docker": "25.0.6"})],
    "group": by("group", "", "asg-2", "asg-10"),
    "container-instance": [{}, *by("of_ecs", {"arn": "a/ci/x"}, {"arn": "a/ci/y"})],
    "why": by("reasons", (), ("A.",), ("A.", "B.")),
}

ECS_SERVICES: dict[str, list[Changes]] = {
    "cluster": by("cluster", "bakery", "shop"),
    "name": by("name", "web-2", "web-10"),
    "status": [{"running": 0}, {"status": "DRAINING"}, {"status": "?"}, {}],
    "desired": by("desired", 0, 2, 10),
    "running": by("running", 0, 2, 10),
    "pending": by("pending", 0, 2, 10),
    "type": [
        {"launch_type": ""},
        {"launch_type": "EC2"},
        {"launch_type": "", "strategy": ("FARGATE_SPOT weight 1",)},
    ],
    "deployment": [
        {},
        *by(
            "deployments",
            (deployment(),),
            (deployment(rollout="IN_PROGRESS"),),
            (deployment(rollout="FAILED"),),
        ),
    ],
    "definition": by("definition", "a/web:2", "a/web:10"),
    "age": by("created", NOW - 1, NOW - 90, None),
    "scheduling": by("scheduling", "DAEMON", "REPLICA"),
    "event": by("events", (), (EcsEvent(NOW, "a"),), (EcsEvent(NOW, "b"), EcsEvent(NOW, "a"))),
}

ECS_TASKS: dict[str, list[Changes]] = {
    "cluster": by("cluster", "bakery", "shop"),
    "name": by("arn", "a/t/1", "a/t/2"),
    "group": by("group", "family:batch", "service:web"),
    "status": [{"health": "UNHEALTHY"}, {"status": "PENDING"}, {"status": ""}, {}],
    "health": by("health", "HEALTHY", "UNHEALTHY", "UNKNOWN"),
    "type": [{"launch_type": ""}, *by("launch_type", "EC2", "EXTERNAL", "FARGATE")],
    "definition": by("definition", "a/web:2", "a/web:10"),
    "on": by("on", "", "a/ci/0", "a/ci/x"),
    "zone": by("zone", "", "us-west-2a", "us-west-2b"),
    "cpu": by("cpu", "", "256", "1024"),
    "mem": by("memory", "", "512", "1024"),
    "exit": [{"containers": (container(status="STOPPED", exit_code=code),)} for code in _CODES],
    "age": [{"started": NOW - 1}, {"started": None, "created": NOW - 2}, {"started": NOW - 90}],
    "reason": by("stop_code", "", "EssentialContainerExited", "UserInitiated"),
    "desired": by("desired", "RUNNING", "STOPPED"),
    "ip": by("address", "", "10.0.0.9", "10.0.0.10"),
    "platform": by("platform", "", "1.3.0", "1.4.0"),
    "started-by": by("started_by", "", "ecs-svc/2", "ecs-svc/10"),
}

ECS_CLUSTERS: dict[str, list[Changes]] = {
    "name": by("name", "shop-2", "shop-10"),
    "status": by("status", "FAILED", "INACTIVE", "PROVISIONING", "?", "ACTIVE"),
    "instances": by("instances", 0, 2, 10),
    "services": by("services", 0, 2, 10),
    "running": by("running", 0, 2, 10),
    "pending": by("pending", 0, 2, 10),
    "providers": by("providers", (), ("FARGATE",), ("FARGATE", "cp")),
    "insights": by("insights", "", "disabled", "enabled"),
    "exec-logging": by("exec_logging", "", "DEFAULT", "NONE"),
    "strategy": by("strategy", (), ("FARGATE weight 1",), ("FARGATE weight 2",)),
}

TABLES = {
    "ecs-instances": Table(ECS_INSTANCE_COLUMNS, ECS_INSTANCES, make_pair),
    "ecs-services": Table(ECS_SERVICE_COLUMNS, ECS_SERVICES, make_service),
    "ecs-tasks": Table(ECS_TASK_COLUMNS, ECS_TASKS, make_task),
    "ecs-clusters": Table(ECS_CLUSTER_COLUMNS, ECS_CLUSTERS, make_ecs_cluster),
    "nodes": Table(NODE_COLUMNS, NODES, make_node),
    "pods": Table(POD_COLUMNS, PODS, make_pod),
    "mapping": Table(MAPPING_COLUMNS, MAPPING, make_mapping),
    "nodegroups": Table(NODEGROUP_COLUMNS, NODEGROUPS, make_group),
    "trace": Table(TRACE_COLUMNS, TRACE, make_call),
}


@pytest.mark.parametrize("name", TABLES)
def test_no_column_is_left_out(name: str) -> None:
    table = TABLES[name]
    assert list(table.ordered) == [column.id for column in table.columns]
    assert all(len(rows) > 1 for rows in table.ordered.values())


@pytest.mark.parametrize(
    ("name", "column"),
    [(name, column) for name, table in TABLES.items() for column in table.columns],
    ids=lambda value: value if isinstance(value, str) else value.id,
)
def test_a_column_sorts_as_its_values_do(name: str, column: Column[Any, Any]) -> None:
    table = TABLES[name]
    pairs = [table.make(**changes) for changes in table.ordered[column.id]]
    keys = [column.sort(row, context) for row, context in pairs]
    for (before, after), (first, second) in zip(pairwise(keys), pairwise(pairs), strict=True):
        cells = column.cell(*first), column.cell(*second)
        assert type(before) is type(after), cells
        assert before < after, cells
