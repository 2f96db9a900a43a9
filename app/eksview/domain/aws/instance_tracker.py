"""Which EC2 instances the nodes speak of, and which of them must be asked about at once."""

from collections.abc import Container, Iterable, Sequence

from eksview.domain.kube.node_labels import instance_id
from eksview.domain.rows.kube import NodeRow


class InstanceTracker:
    """The instances by their nodes' provider IDs. Written and read on one loop, in constant time.

    An instance is *news* when its node appeared, left, or changed between Ready and not.
    """

    def __init__(self) -> None:
        self._of_node: dict[str, tuple[str, str]] = {}
        self._others: set[str] = set()
        self._news: set[str] = set()
        self._first: set[str] = set()
        self.region = ""  # of the nodes, by the zone in their provider IDs; empty while unknown

    def seen(self, row: NodeRow) -> bool:
        """A node as it is now; True if its instance became news by it."""
        now = (instance_id(row.provider_id), _ready(row))
        before = self._of_node.get(row.name)
        self._of_node[row.name] = now
        if before == now:
            return False
        if now[0] and not self.region:
            self.region = region_of(row.provider_id.removeprefix("aws:///").partition("/")[0])
        ids = {now[0]} | ({before[0]} if before else set())
        return self._is_news(ids)

    def listed(self, rows: Sequence[NodeRow]) -> bool:
        """All nodes there are; True if that was news."""
        first = not self._of_node
        names = {row.name for row in rows}
        lost = [name for name in self._of_node if name not in names]
        news = [self.lost(name) for name in lost]
        news += [self.seen(row) for row in rows]
        if first:
            self._first = set(self._news)
        return any(news)

    def lost(self, name: str) -> bool:
        """A node left; True if its instance became news by it."""
        before = self._of_node.pop(name, None)
        return before is not None and self._is_news({before[0]})

    def also(self, ids: Iterable[str]) -> bool:
        """Instances known from elsewhere (an Auto Scaling group); True if some are news."""
        fresh = set(ids) - self._others - self.ids()
        self._others |= fresh
        return self._is_news(fresh)

    def forget(self, ids: Iterable[str]) -> None:
        """Instances that EC2 no longer knows, unless a node still speaks of them."""
        self._others.difference_update(ids)

    def ids(self) -> set[str]:
        """All of them."""
        return {instance for instance, _ in self._of_node.values() if instance} | self._others

    def take_news(self, read: Container[str]) -> set[str]:
        """What is to be asked about now; asked once.

        Of the nodes that were there from the beginning only those whose instance isn't `read` yet:
        thousands of them are no reason to read everything twice.
        """
        news = {each for each in self._news if each not in self._first or each not in read}
        self._news, self._first = set(), set()
        return news

    def _is_news(self, ids: set[str]) -> bool:
        real = ids - {""}
        self._news |= real
        return bool(real)


def region_of(zone: str) -> str:
    """ "us-west-2a" -> "us-west-2"; local and wavelength zones ("us-west-2-lax-1a") too."""
    parts = zone.split("-")
    for number, part in enumerate(parts):
        digits = part.rstrip("abcdefghijklmnopqrstuvwxyz")
        if number and digits.isdigit():
            return "-".join((*parts[:number], digits))
    return ""


def _ready(row: NodeRow) -> str:
    return next((each.status for each in row.conditions if each.type == "Ready"), "")
