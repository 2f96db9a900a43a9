"""Viewers of a shared view."""

from msgspec import Struct

from eksview.domain.base.text import Clean


class Viewer(Struct, frozen=True):
    """A session with its user, address, terminal size, start and bytes sent."""

    number: int
    user: Clean
    key: Clean  # the comment of the public key, or its fingerprint
    address: Clean
    columns: int
    rows: int
    since: float
    sent: int = 0  # bytes
    ended: float | None = None


class Viewers(Struct, frozen=True):
    """The open sessions and the last that ended, the newest first."""

    most: int  # open sessions
    sessions: tuple[Viewer, ...] = ()

    @property
    def open(self) -> tuple[Viewer, ...]:
        """The sessions that haven't ended."""
        return tuple(viewer for viewer in self.sessions if viewer.ended is None)
