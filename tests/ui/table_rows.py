"""Rows for the tests of tables."""

from zlib import crc32

from msgspec.structs import replace

from eksview.domain.rows.kube import (
    Amounts,
    Condition,
    LeaseRow,
    NodeRow,
    PodRow,
    Requests,
    Taint,
)

NOW = 1_800_000_000.0
GI = 1024**3


def condition(kind: str, status: str) -> Condition:
    return Condition(kind, status, "Reason", "message", NOW - 20, NOW - 4000)


def node(name: str, *, ready: str = "True", zone: str = "a", **fields: object) -> NodeRow:
    row = NodeRow(
        name=name,
        uid=f"uid-{name}",
        created=NOW - 5 * 86400,
        unschedulable=False,
        deleted=None,
        conditions=(
            condition("MemoryPressure", "False"),
            condition("DiskPressure", "False"),
            condition("Ready", ready),
        ),
        taints=(),
        labels={
            "topology.kubernetes.io/zone": f"us-west-2{zone}",
            "eks.amazonaws.com/nodegroup": "ng-general",
            "node.kubernetes.io/instance-type": "m6i.large",
        },
        capacity=Amounts(2000, 8 * GI, 29, 20 * GI),
        allocatable=Amounts(1930, 7 * GI, 29, 18 * GI),
        internal_ip="10.0.1.234",
        external_ip="",
        kubelet="v1.33.1-eks-1a2b3c4",
        os_image="Amazon Linux 2023.7.20250609",
        kernel="6.1.140-154.222.amzn2023.x86_64",
        runtime="containerd://1.7.27",
        architecture="amd64",
        provider_id=f"aws:///us-west-2a/i-{crc32(name.encode()):017x}",
    )
    return replace(row, **fields)


def nodes(count: int) -> list[NodeRow]:
    """A fleet in three zones and two groups, with one cordoned, one pressed and one lost node."""
    rows = []
    for number in range(count):
        row = node(
            f"ip-10-0-{number % 3 + 1}-{number + 17}.us-west-2.compute.internal",
            zone="abc"[number % 3],
            created=NOW - 86400 * (number + 2),
        )
        if number % 4 == 3:
            row = replace(row, labels={**row.labels, "eks.amazonaws.com/nodegroup": "ng-gpu"})
        rows.append(row)
    if count > 5:
        tainted = (Taint("node.kubernetes.io/unschedulable", "", "NoSchedule"),)
        rows[1] = replace(rows[1], unschedulable=True, taints=tainted)
        rows[3] = replace(
            rows[3], conditions=(condition("DiskPressure", "True"), condition("Ready", "True"))
        )
        rows[4] = replace(rows[4], conditions=(condition("Ready", "Unknown"),))
    return rows


def lease(name: str, age: float = 4.0) -> LeaseRow:
    return LeaseRow("kube-node-lease", name, f"lease-{name}", name, NOW - age, NOW - 9999, 40, 0)


def pod(name: str, **fields: object) -> PodRow:
    row = PodRow(
        uid=f"uid-{name}",
        namespace="shop",
        name=name,
        node="ip-10-0-1-17.us-west-2.compute.internal",
        status="Running",
        ready=1,
        containers=1,
        restarts=0,
        restarted=None,
        created=NOW - 90_000,
        ip="10.0.1.77",
        requests=Requests(100, 128 * 1024**2, 500, 512 * 1024**2),
        labels="app=web,tier=front",
        owner="ReplicaSet/web-7d876db474",
        counted=True,
    )
    return replace(row, **fields)


_SORTS = (
    ("shop", "web-7d876db474", "Running", 1, 0),
    ("shop", "api-679965c58f", "Running", 1, 2),
    ("kube-system", "coredns-7d764666f9", "Running", 2, 0),
    ("payments", "ledger-0", "CrashLoopBackOff", 0, 17),
    ("payments", "checkout-5b9f6d7c4d", "Running", 0, 1),
    ("batch", "report-29187420", "Completed", 0, 0),
    ("batch", "import-29187421", "ContainerCreating", 0, 0),
    ("observability", "node-exporter", "Running", 1, 0),
)


def pods(count: int, node_rows: list[NodeRow]) -> list[PodRow]:
    rows = []
    for number in range(count):
        space, name, status, ready, restarts = _SORTS[number % len(_SORTS)]
        suffix = f"{number * 7919 % 60466176:05x}"
        rows.append(
            pod(
                f"{name}-{suffix}",
                namespace=space,
                status=status,
                ready=ready,
                containers=max(1, ready),
                restarts=restarts,
                restarted=NOW - 130 if restarts > 5 else NOW - 90_000 if restarts else None,
                created=NOW - 37 * (number + 1),
                node=node_rows[number % len(node_rows)].name,
                ip=f"10.0.{number // 250 % 250}.{number % 250}",
                counted=status != "Completed",
                labels=f"app={name}",
            )
        )
    return rows
