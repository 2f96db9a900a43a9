"""Leases in the store, and the age from which a heartbeat is late."""

import pytest
from msgspec.structs import replace

from eksview.domain.base.health import Health
from eksview.domain.kube.node_status import heartbeat_health
from eksview.domain.rows.kube import LeaseRow
from eksview.store.lease_index import LeaseIndex

RENEWED = 1000.0


def lease(duration: int, renewed: float = RENEWED) -> LeaseRow:
    return LeaseRow("kube-node-lease", "n", "uid", "n", renewed, None, duration, 0)


@pytest.mark.parametrize(
    ("late", "duration", "age", "health"),
    [
        (0, 40, 40, Health.OK),
        (0, 40, 41, Health.WARN),
        (0, 40, 51, Health.BAD),
        (0, 0, 41, Health.WARN),
        (20, 40, 20, Health.OK),
        (20, 40, 21, Health.WARN),
        (20, 40, 26, Health.BAD),
        (120, 40, 100, Health.OK),
    ],
)
def test_a_heartbeat_is_late_by_its_lease_or_by_the_threshold(late, duration, age, health) -> None:
    index = LeaseIndex()
    index.late = late
    index.change(None, lease(duration), RENEWED, listed=True)
    dated = index.dated["kube-node-lease/n"]
    assert heartbeat_health(dated, RENEWED + age) is health
    assert dated.duration == duration  # what the node's kubelet is configured with


def test_a_changed_threshold_counts_from_the_next_renewal_on() -> None:
    index, first = LeaseIndex(), lease(40)
    index.change(None, first, RENEWED, listed=True)
    index.late = 20
    index.change(first, lease(40), RENEWED, listed=True)
    assert heartbeat_health(index.dated["kube-node-lease/n"], RENEWED + 21) is Health.WARN


@pytest.mark.parametrize(("age", "told"), [(10, False), (40, False), (41, True), (51, True)])
def test_a_node_changes_by_a_renewal_only_if_its_heartbeat_was_late(age: int, told: bool) -> None:
    index, first, now = LeaseIndex(), lease(40), RENEWED + age
    assert index.change(None, first, RENEWED, listed=False)  # it has a heartbeat now
    renewed = lease(40, now)
    assert index.change(first, renewed, now, listed=False) is told
    assert index.change(renewed, None, now, listed=False)


def test_other_leases_than_those_of_nodes_change_no_node() -> None:
    leader = LeaseRow("kube-system", "kube-scheduler", "uid", "n", RENEWED, None, 15, 0)
    assert not LeaseIndex().change(None, leader, RENEWED + 90, listed=False)


def test_periods_are_measured_between_renewals_that_a_watch_reported() -> None:
    index = LeaseIndex()
    first, second, third = (lease(40, RENEWED + age) for age in (0, 10.5, 40))
    index.change(None, first, RENEWED, listed=True)
    index.change(first, second, RENEWED + 11, listed=False)
    index.change(second, second, RENEWED + 12, listed=False)  # changed by something else
    index.change(second, third, RENEWED + 40, listed=True)  # after a break: some were missed
    assert list(index.periods) == [10.5]
    index.clear()
    assert not index.periods


def test_periods_are_those_of_nodes_and_of_one_lease() -> None:
    index = LeaseIndex()
    leader = LeaseRow("kube-system", "kube-scheduler", "uid", "n", RENEWED, None, 15, 0)
    index.change(leader, replace(leader, renewed=RENEWED + 2), RENEWED, listed=False)
    index.change(lease(40), replace(lease(40, RENEWED + 9), uid="new"), RENEWED, listed=False)
    assert not index.periods
