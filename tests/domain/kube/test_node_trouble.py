"""The trouble of a node, with its cause and its beginning as the API reports them."""

import msgspec
import pytest

from eksview.domain.base.age import coarse_duration
from eksview.domain.base.health import Health
from eksview.domain.kube.node_trouble import Trouble, node_trouble
from eksview.domain.rows.kube import Condition, LeaseRow, NodeRow
from tests.ui.harness import CORDONED, DISK_PRESSURE, NOT_READY, NOW, node


def lease(row: NodeRow, ago: float) -> LeaseRow:
    return LeaseRow("kube-node-lease", row.name, "l", row.name, NOW - ago, None, 40, 0)


def test_a_node_that_is_not_ready_has_the_condition_s_reason_and_transition() -> None:
    row = node(NOT_READY)
    why = "Kubelet stopped posting node status."
    expected = Trouble(row.name, Health.BAD, "NotReady", why, NOW - 54)
    assert node_trouble(row, lease(row, 94), NOW) == expected


def test_a_pressure_has_its_own_reason_and_transition() -> None:
    trouble = node_trouble(node(DISK_PRESSURE), lease(node(DISK_PRESSURE), 3), NOW)
    assert (trouble.word, trouble.health) == ("DiskPressure", Health.WARN)
    assert trouble.cause == "kubelet has disk pressure"
    assert trouble.since == NOW - 86_400


def test_a_condition_of_the_node_monitoring_agent_is_named_as_the_headline_names_it() -> None:
    kernel = Condition("KernelReady", "False", "SoftLockup", "CPU stuck", NOW, NOW - 7)
    row = msgspec.structs.replace(node(0), conditions=(*node(0).conditions, kernel))
    trouble = node_trouble(row, lease(row, 3), NOW)
    assert (trouble.word, trouble.cause) == ("KernelNotReady", "CPU stuck")
    assert trouble.since == NOW - 7


def test_a_missing_heartbeat_began_with_the_last_renewal() -> None:
    trouble = node_trouble(node(0), lease(node(0), 70), NOW)
    assert (trouble.word, trouble.health, trouble.since) == ("No heartbeat", Health.BAD, NOW - 70)


def test_nothing_reports_since_when_a_node_is_cordoned() -> None:
    trouble = node_trouble(node(CORDONED), lease(node(CORDONED), 3), NOW)
    assert (trouble.word, trouble.since) == ("Cordoned", None)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "<1m"),
        (0, "<1m"),
        (59.9, "<1m"),
        (60, "1m"),
        (119, "1m"),
        (3 * 3600 - 1, "179m"),
        (3 * 3600, "3h"),
        (5 * 3600 + 3599, "5h"),
        (76 * 3600, "3d4h"),
    ],
)
def test_a_coarse_age_has_no_seconds(seconds: float, text: str) -> None:
    assert coarse_duration(seconds) == text
