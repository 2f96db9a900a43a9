"""When a lease was renewed: by its arrival, as the node lifecycle controller judges it."""

from msgspec.structs import replace

from eksview.domain.kube.node_status import renewal_seen
from eksview.domain.rows.kube import LeaseRow

LEASE = LeaseRow("kube-node-lease", "a", "uid-1", "a", 1000.0, None, 40, 0)
NEXT = replace(LEASE, renewed=1010.0)


def test_the_first_renewal_is_dated_by_its_holder() -> None:
    assert renewal_seen(None, None, LEASE, 5000.0) == 1000.0
    assert renewal_seen(None, None, LEASE, None) == 1000.0


def test_a_renewal_that_arrives_is_dated_by_its_arrival() -> None:
    """A kubelet whose clock is 70 s behind renews all the same."""
    assert renewal_seen(LEASE, 1000.0, NEXT, 1080.0) == 1080.0


def test_a_change_that_is_no_renewal_dates_nothing() -> None:
    relabelled = replace(LEASE, transitions=1)
    assert renewal_seen(LEASE, 1070.0, relabelled, 1100.0) == 1070.0


def test_a_listed_renewal_is_corrected_by_the_last_arrival() -> None:
    """After an outage a list has renewals of any age: a dead kubelet's last one isn't now."""
    assert renewal_seen(LEASE, 1070.0, replace(LEASE, renewed=1030.0), None) == 1100.0


def test_another_holder_has_another_clock() -> None:
    other = replace(LEASE, renewed=1030.0, holder="b")
    assert renewal_seen(LEASE, 1070.0, other, None) == 1030.0


def test_a_lease_made_anew_begins_again() -> None:
    assert renewal_seen(LEASE, 1070.0, replace(NEXT, uid="uid-2"), 1080.0) == 1010.0


def test_a_lease_without_a_renewal_has_no_date() -> None:
    assert renewal_seen(LEASE, 1070.0, replace(LEASE, renewed=None), 1080.0) is None
