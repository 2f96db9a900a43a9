"""Leases in the store, and the age from which a heartbeat is late."""

import pytest

from eksview.domain.base.health import Health
from eksview.domain.kube.node_status import heartbeat_health
from eksview.domain.rows.kube import LeaseRow
from eksview.store.lease_index import LeaseIndex

RENEWED = 1000.0


def lease(duration: int) -> LeaseRow:
    return LeaseRow("kube-node-lease", "n", "uid", "n", RENEWED, None, duration, 0)


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
    index.change(None, lease(duration), arrived=None)
    dated = index.dated["kube-node-lease/n"]
    assert heartbeat_health(dated, RENEWED + age) is health
    assert dated.duration == duration  # what the node's kubelet is configured with


def test_a_changed_threshold_counts_from_the_next_renewal_on() -> None:
    index, first = LeaseIndex(), lease(40)
    index.change(None, first, arrived=None)
    index.late = 20
    index.change(first, lease(40), arrived=None)
    assert heartbeat_health(index.dated["kube-node-lease/n"], RENEWED + 21) is Health.WARN
