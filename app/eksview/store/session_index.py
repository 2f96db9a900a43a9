"""The sessions on each instance, kept up to date per event."""

from eksview.domain.aws.poll_plan import SSM
from eksview.domain.rows.aws import SessionRow
from eksview.domain.rows.link import Link, Phase


class SessionIndex:
    """Nothing is said of them while nobody may, or could, read them."""

    def __init__(self) -> None:
        self._read = False
        self._on: dict[str, dict[str, SessionRow]] = {}

    def of(self, instance: str) -> tuple[SessionRow, ...] | None:
        """Those on an instance, in no order; None while they aren't known."""
        return tuple(self._on.get(instance, {}).values()) if self._read else None

    def changed(self, old: SessionRow | None, new: SessionRow | None) -> None:
        """A session came, changed or left."""
        if old is not None:
            there = self._on[old.target]
            del there[old.id]
            if not there:
                del self._on[old.target]
        if new is not None:
            self._on.setdefault(new.target, {})[new.id] = new

    def heard(self, link: Link) -> None:
        """The link's state: what was read before it was refused may be long over."""
        if link.name == SSM:
            self._read = link.heard is not None and link.phase is not Phase.REFUSED
