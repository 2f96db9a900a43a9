"""Who looks at a shared view."""

from msgspec import Struct


class Viewer(Struct, frozen=True):
    """A session: who, from where, how large a terminal, since when, what it cost."""

    number: int
    user: str
    key: str  # the comment of the public key, or its fingerprint
    address: str
    columns: int
    rows: int
    since: float
    sent: int = 0  # bytes
    ended: float | None = None


class Viewers(Struct, frozen=True):
    """The sessions there are and the last that ended, the newest first. A fact: `viewers`."""

    most: int  # sessions at a time
    sessions: tuple[Viewer, ...] = ()

    @property
    def open(self) -> tuple[Viewer, ...]:
        """Those that are looking now."""
        return tuple(each for each in self.sessions if each.ended is None)
