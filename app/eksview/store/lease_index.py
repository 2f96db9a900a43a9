"""Leases with their renewals in the API server's time."""

from msgspec.structs import replace

from eksview.domain.kube.node_status import renewal_seen
from eksview.domain.rows.kube import LeaseRow

NODE_LEASES, SYSTEM = "kube-node-lease", "kube-system"


class LeaseIndex:
    """The dated leases by key, and those of kube-system among them."""

    def __init__(self) -> None:
        self.dated: dict[str, LeaseRow] = {}
        self.system: dict[str, LeaseRow] = {}
        self.late = 0
        """Seconds from which heartbeats are late, from their next renewal on; 0: by their lease."""

    def change(self, old: LeaseRow | None, new: LeaseRow | None, arrived: float | None) -> None:
        """Replace a lease; `arrived` is the time of a watch event, None for a list."""
        before = None if old is None else self.dated.pop(old.key, None)
        if old is not None:
            self.system.pop(old.key, None)
        if new is None:
            return
        renewed = renewal_seen(old, before.renewed if before else None, new, arrived)
        same = renewed == new.renewed and self.late == new.late
        dated = new if same else replace(new, renewed=renewed, late=self.late)
        self.dated[new.key] = dated
        if new.namespace == SYSTEM:
            self.system[new.key] = dated

    def clear(self) -> None:
        """Forget all leases."""
        self.dated.clear()
        self.system.clear()
