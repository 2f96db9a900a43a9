"""Leases with their renewals in the API server's time."""

from collections import deque

from msgspec.structs import replace

from eksview.domain.base.health import Health
from eksview.domain.kube.node_status import heartbeat_health, renewal_seen
from eksview.domain.rows.kube import LeaseRow

NODE_LEASES, SYSTEM = "kube-node-lease", "kube-system"
PERIODS = 200
"""Periods between renewals that are kept: those of the last minutes."""


class LeaseIndex:
    """The dated leases by key, and those of kube-system among them."""

    def __init__(self) -> None:
        self.dated: dict[str, LeaseRow] = {}
        self.system: dict[str, LeaseRow] = {}
        self.late = 0
        """Seconds from which heartbeats are late, from their next renewal on; 0: by their lease."""
        self.periods: deque[float] = deque(maxlen=PERIODS)
        """Seconds between two renewals of a node's lease, by its own clock; the latest of all."""

    def change(
        self, old: LeaseRow | None, new: LeaseRow | None, now: float, *, listed: bool
    ) -> bool:
        """Replace a lease at a time; return whether more than the age of a heartbeat has changed.

        `listed` is False for a watch event, whose arrival dates a renewal.
        """
        before = None if old is None else self.dated.pop(old.key, None)
        if old is not None:
            self.system.pop(old.key, None)
        dated = None if new is None else self._date(old, before, new, None if listed else now)
        if not listed:
            self._note_period(old, new)
        of_node = any(row is not None and row.namespace == NODE_LEASES for row in (old, new))
        return of_node and not (_in_time(before, now) and _in_time(dated, now))

    def _date(
        self, old: LeaseRow | None, before: LeaseRow | None, new: LeaseRow, arrived: float | None
    ) -> LeaseRow:
        renewed = renewal_seen(old, before.renewed if before else None, new, arrived)
        same = renewed == new.renewed and self.late == new.late
        dated = new if same else replace(new, renewed=renewed, late=self.late)
        self.dated[new.key] = dated
        if new.namespace == SYSTEM:
            self.system[new.key] = dated
        return dated

    def _note_period(self, old: LeaseRow | None, new: LeaseRow | None) -> None:
        """Note the period between two renewals that a watch reported one after the other."""
        if old is None or new is None or new.namespace != NODE_LEASES or old.uid != new.uid:
            return
        if old.renewed is not None and new.renewed is not None and new.renewed > old.renewed:
            self.periods.append(new.renewed - old.renewed)

    def clear(self) -> None:
        """Forget all leases."""
        self.periods.clear()
        self.dated.clear()
        self.system.clear()


def _in_time(lease: LeaseRow | None, now: float) -> bool:
    return lease is not None and heartbeat_health(lease, now) is Health.OK
