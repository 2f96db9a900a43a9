"""The events by the object that they are about."""

from collections.abc import Iterable

from eksview.domain.rows.kube import EventRow


class EventIndex:
    """The uids of events by their object, named `Kind/namespace/name`."""

    def __init__(self) -> None:
        self._uids: dict[str, set[str]] = {}

    def about(self, about: str) -> Iterable[str]:
        return self._uids.get(about, ())

    def beginning(self, start: str) -> Iterable[str]:
        """Return the objects whose names begin so, such as `ReplicaSet/shop/web-`."""
        return [about for about in self._uids if about.startswith(start)]

    def change(self, old: EventRow | None, new: EventRow | None) -> None:
        """Take note of an event that was replaced, added or removed."""
        if old is not None:
            uids = self._uids[old.about]
            uids.discard(old.uid)
            if not uids:
                del self._uids[old.about]
        if new is not None:
            self._uids.setdefault(new.about, set()).add(new.uid)

    def clear(self) -> None:
        self._uids.clear()
