"""A node's state: kubectl's words, each condition's polarity, and the worst of it all."""

import msgspec
import pytest

from eksview.domain.base.health import Health, worst
from eksview.domain.kube.node_status import (
    condition_health,
    headline,
    heartbeat_age,
    node_health,
    problems,
    roles,
    status_text,
)
from eksview.domain.resources.nodes import RESOURCE as NODES
from eksview.domain.rows.kube import Condition, LeaseRow, NodeRow
from tests.domain import aws_objects

NOW = 1_000_000.0
FINE = {
    "MemoryPressure": "False",
    "DiskPressure": "False",
    "PIDPressure": "False",
    "Ready": "True",
}


def node(*, cordoned: bool = False, deleted: float | None = None, **conditions: str) -> NodeRow:
    states = FINE | conditions
    return aws_objects.node(
        unschedulable=cordoned,
        deleted=deleted,
        conditions=tuple(Condition(kind, status) for kind, status in states.items() if status),
        labels={},
        provider_id="",
    )


def lease(age: float | None, duration: int = 40) -> LeaseRow:
    renewed = None if age is None else NOW - age
    return LeaseRow("kube-node-lease", "n", "u", "n", renewed, None, duration, 0)


SILENT = dict.fromkeys(FINE, "Unknown")


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (node(), "Ready"),
        (node(Ready="False"), "NotReady"),
        (node(Ready="Unknown"), "NotReady"),
        (node(Ready=""), "Unknown"),
        (node(cordoned=True), "Ready,SchedulingDisabled"),
        (node(Ready="Unknown", cordoned=True), "NotReady,SchedulingDisabled"),
        (node(Ready="", cordoned=True), "Unknown,SchedulingDisabled"),
        (node(DiskPressure="True"), "Ready"),
    ],
)
def test_status_reads_as_kubectl_prints_it(row: NodeRow, text: str) -> None:
    assert status_text(row) == text


@pytest.mark.parametrize(
    ("labels", "text"),
    [
        ({}, "<none>"),
        ({"kubernetes.io/os": "linux"}, "<none>"),
        ({"node-role.kubernetes.io/control-plane": ""}, "control-plane"),
        ({"kubernetes.io/role": "worker"}, "worker"),
        ({"kubernetes.io/role": ""}, "<none>"),
        ({"node-role.kubernetes.io/": "x"}, "<none>"),
        (
            {
                "node-role.kubernetes.io/worker": "",
                "node-role.kubernetes.io/etcd": "",
                "kubernetes.io/role": "agent",
            },
            "agent,etcd,worker",
        ),
    ],
)
def test_roles_read_as_kubectl_prints_them(labels: dict[str, str], text: str) -> None:
    assert roles(labels) == text


@pytest.mark.parametrize(
    ("kind", "status", "health"),
    [
        ("Ready", "True", Health.OK),
        ("Ready", "False", Health.BAD),
        ("Ready", "Unknown", Health.UNKNOWN),
        ("KernelReady", "True", Health.OK),
        ("KernelReady", "False", Health.WARN),
        ("ContainerRuntimeReady", "Unknown", Health.UNKNOWN),
        ("DiskPressure", "False", Health.OK),
        ("DiskPressure", "True", Health.WARN),
        ("DiskPressure", "Unknown", Health.UNKNOWN),
        ("NetworkUnavailable", "True", Health.WARN),
        ("KernelDeadlock", "False", Health.OK),
        ("ReadonlyFilesystem", "True", Health.WARN),
        ("Ready", "", Health.UNKNOWN),
    ],
)
def test_a_condition_is_judged_by_its_polarity(kind: str, status: str, health: Health) -> None:
    assert condition_health(Condition(kind, status)) is health


@pytest.mark.parametrize(
    ("row", "lease", "health", "word"),
    [
        pytest.param(node(), lease(3), Health.OK, "Ready", id="fine"),
        pytest.param(node(), None, Health.OK, "Ready", id="no lease is no judgement"),
        pytest.param(node(), lease(None), Health.OK, "Ready", id="nor is one never renewed"),
        pytest.param(node(), lease(-5), Health.OK, "Ready", id="a clock ahead of ours"),
        pytest.param(node(), lease(40), Health.OK, "Ready", id="on its last second"),
        pytest.param(node(), lease(41), Health.WARN, "Late heartbeat", id="late"),
        pytest.param(node(), lease(51), Health.BAD, "No heartbeat", id="past the grace period"),
        pytest.param(node(), lease(51, 120), Health.OK, "Ready", id="by the lease's own duration"),
        pytest.param(node(Ready="False"), lease(1), Health.BAD, "NotReady", id="not ready"),
        pytest.param(node(**SILENT), lease(90), Health.BAD, "NotReady", id="silent"),
        pytest.param(node(Ready=""), None, Health.UNKNOWN, "Unknown", id="never reported"),
        pytest.param(
            node(DiskPressure="True"), lease(1), Health.WARN, "DiskPressure", id="pressure"
        ),
        pytest.param(
            node(NetworkingReady="False"), lease(1), Health.WARN, "NetworkingNotReady", id="agent"
        ),
        pytest.param(
            node(KernelReady="Unknown"), None, Health.UNKNOWN, "KernelReady=Unknown", id="in doubt"
        ),
        pytest.param(node(cordoned=True), lease(1), Health.WARN, "Cordoned", id="cordoned"),
        pytest.param(node(deleted=NOW), lease(1), Health.WARN, "Deleting", id="being deleted"),
        pytest.param(
            node(cordoned=True, MemoryPressure="True"),
            lease(1),
            Health.WARN,
            "MemoryPressure",
            id="pressure says more than cordoned",
        ),
        pytest.param(
            node(DiskPressure="True"), lease(60), Health.BAD, "No heartbeat", id="silence says most"
        ),
    ],
)
def test_a_node_is_as_well_as_the_worst_of_it(
    row: NodeRow, lease: LeaseRow | None, health: Health, word: str
) -> None:
    assert node_health(row, lease, NOW) is health
    assert headline(row, lease, NOW) == word


@pytest.mark.parametrize(
    ("row", "named"),
    [
        (node(), ()),
        (node(DiskPressure="True", PIDPressure="True"), ("DiskPressure", "PIDPressure")),
        (node(Ready="False"), ("NotReady",)),
        (node(**SILENT), ("Ready=Unknown",)),
        (node(**SILENT | {"DiskPressure": "True"}), ("DiskPressure", "Ready=Unknown")),
        (node(MemoryPressure="Unknown"), ("MemoryPressure=Unknown",)),
    ],
)
def test_conditions_in_trouble_are_named(row: NodeRow, named: tuple[str, ...]) -> None:
    assert problems(row) == named


def test_a_heartbeat_is_as_old_as_the_last_renewal() -> None:
    assert heartbeat_age(lease(12.5), NOW) == 12.5
    assert heartbeat_age(lease(-3), NOW) == 0.0
    assert heartbeat_age(None, NOW) is None


@pytest.mark.parametrize(
    ("healths", "shown"),
    [
        ((), Health.UNKNOWN),
        ((Health.OK, Health.OK), Health.OK),
        ((Health.OK, Health.UNKNOWN), Health.UNKNOWN),
        ((Health.UNKNOWN, Health.WARN), Health.WARN),
        ((Health.WARN, Health.BAD, Health.OK), Health.BAD),
    ],
)
def test_what_is_wrong_outranks_what_is_not_known(
    healths: tuple[Health, ...], shown: Health
) -> None:
    assert worst(*healths) is shown


@pytest.mark.parametrize(
    ("states", "text", "health"),
    [
        (("False", "True"), "Ready", Health.OK),
        (("Unknown", "False", "True"), "Ready", Health.OK),
        (("True", "False"), "NotReady", Health.BAD),
        (("True", "Unknown"), "NotReady", Health.BAD),
    ],
)
def test_of_several_ready_conditions_the_last_counts_everywhere(
    states: tuple[str, ...], text: str, health: Health
) -> None:
    conditions = [{"type": "Ready", "status": state} for state in states]
    raw = {"metadata": {"name": "n"}, "status": {"conditions": conditions}}
    row = NODES.row(msgspec.convert(raw, NODES.shape))
    assert status_text(row) == headline(row, None, NOW) == text  # as printNode's map has it
    assert node_health(row, None, NOW) is health
    assert [condition.status for condition in row.conditions] == [states[-1]]
