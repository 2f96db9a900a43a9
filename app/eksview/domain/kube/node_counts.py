"""The counts of nodes, alike on every screen: a node counts under each word that is true of it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from eksview.domain.base.health import Health
from eksview.domain.base.text import clean
from eksview.domain.kube.node_status import is_ready, problems, ready_condition
from eksview.domain.rows.kube import UNDECODED, NodeRow

READY, NOT_READY, UNKNOWN = "Ready", "NotReady", "Unknown"
NO_HEARTBEAT, LATE_HEARTBEAT = "No heartbeat", "Late heartbeat"
CORDONED, DELETING = "cordoned", "deleting"
_ORDER = (READY, NOT_READY, UNKNOWN, UNDECODED, NO_HEARTBEAT, LATE_HEARTBEAT, CORDONED, DELETING)
_HEALTHS = {
    READY: Health.OK,
    NOT_READY: Health.BAD,
    UNKNOWN: Health.UNKNOWN,
    UNDECODED: Health.UNKNOWN,
    NO_HEARTBEAT: Health.BAD,
}


def node_words(row: NodeRow, heartbeat: Health = Health.OK) -> tuple[str, ...]:
    """Return the clean words of a node: its status as kubectl prints it, then what is wrong.

    A node under pressure, cordoned or without a heartbeat is Ready all the same while its Ready
    condition is True.
    """
    return tuple(_words(row, heartbeat))


def _words(row: NodeRow, heartbeat: Health) -> Iterator[str]:
    if row.undecoded:
        yield UNDECODED
    else:
        yield READY if is_ready(row) else UNKNOWN if ready_condition(row) is None else NOT_READY
    yield from heartbeat_words(row, heartbeat)
    if row.unschedulable:
        yield CORDONED
    if row.deleted is not None:
        yield DELETING
    yield from (clean(text) for text in problems(row) if not text.startswith((READY, NOT_READY)))


def heartbeat_words(row: NodeRow, heartbeat: Health) -> tuple[str, ...]:
    """Return the word of a late or missing heartbeat; none for a node that isn't Ready anyway."""
    if heartbeat not in (Health.BAD, Health.WARN) or not is_ready(row):
        return ()
    return (NO_HEARTBEAT,) if heartbeat is Health.BAD else (LATE_HEARTBEAT,)


def word_health(word: str) -> Health:
    """Return the health that a word stands for."""
    return _HEALTHS.get(word, Health.UNKNOWN if "=" in word else Health.WARN)


def added(counts: Mapping[tuple[str, ...], int]) -> Counter[str]:
    """Return the nodes by word, from their number by all words of a node."""
    nodes: Counter[str] = Counter()
    for words, number in counts.items():
        for word in words:
            nodes[word] += number
    return nodes


def in_order(words: Iterable[str]) -> list[str]:
    """Return words in the order in which they are shown: statuses, then troubles by name."""
    rank = {word: number for number, word in enumerate(_ORDER)}
    return sorted(words, key=lambda word: (rank.get(word, len(rank)), word))
