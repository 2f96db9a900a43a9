"""The trust in the leases of nodes: whether they show how the kubelets are."""

from collections.abc import Mapping
from math import inf

from eksview.domain.control_plane.components import etcd_fails
from eksview.domain.live.trust import HEALTH, Trust, trust
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Link
from eksview.domain.rows.server import Probe

RENEWAL = 10.0  # seconds between two renewals of a kubelet; a shorter break costs it none
CATCH_UP = 20.0  # seconds in which each renews again: one period, and the 7 s of its longest retry


class HeartbeatTrust:
    """The times in which leases can be renewed and read.

    While they can't be, they tell nothing, nor right after: an old lease is then the fault of the
    break until its kubelet had time to renew it. Source: client-go's lease controller.
    """

    def __init__(self) -> None:
        self._lost = -inf  # the start of the last break
        self._from = inf  # the time from which leases are judged; infinity during a break
        self._begun = False

    def update(self, links: Mapping[str, Link], probes: Mapping[str, Probe], now: float) -> None:
        """Take the state of the links and probes at a time."""
        live = trust(links.get(Kind.LEASE.value), links.get(HEALTH)) is Trust.LIVE
        possible = live and not etcd_fails(probes)
        if possible and self._from == inf:
            late = self._begun and now - self._lost >= RENEWAL
            self._from, self._begun = (now + CATCH_UP if late else -inf), True
        elif not possible and self._from != inf:
            self._lost, self._from = now, inf

    def judges(self, now: float) -> bool:
        """Check whether an old lease is the fault of its kubelet."""
        return now >= self._from
