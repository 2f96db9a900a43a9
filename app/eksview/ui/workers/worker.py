"""One worker as a struct: everything that its picture shows."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol, TypeAlias

from msgspec import Struct

from eksview.domain.base.age import human_duration
from eksview.domain.base.health import Health
from eksview.domain.base.text import Clean, clean
from eksview.domain.kube.node_labels import NodeGroup, short_zone

WorkerState: TypeAlias = tuple[Health, str]
"""A node's health, and the word for it."""

_COARSE = (10, 20, 40)
FINE = 16
"""The most nodes on screen with heartbeats by the second; more of them only cost bytes."""


HIGH_USAGE = 0.9
"""The part of CPU or memory from which on its usage is high."""


class Scene(Struct, frozen=True):
    """Values that all workers share at one moment."""

    now: float
    stale: bool  # nodes are no longer confirmed
    counted: bool  # pods are read, so their sums are valid
    fine: bool  # heartbeats tick by the second
    server: str  # the API server's version
    chosen: str  # the node under the cursor, or empty
    measured: bool = False  # usage is read
    usage: str = ""  # the age of that reading, or why there is none
    unwatched: bool = False  # pods can be read, but aren't

    @property
    def common(self) -> tuple[object, ...]:
        """What the picture of every worker depends on."""
        return self.stale, self.counted, self.fine, self.server, self.measured


class Gauge(Struct, frozen=True):
    """Requested and used parts of allocatable, in milli-cores or bytes; None is unknown."""

    requested: int | None
    whole: int
    used: int | None = None
    words: str = ""  # instead of a bar: an amount of which no part is known

    @property
    def shown(self) -> int | None:
        """The amount that the percentage beside the bar gives."""
        return self.requested if self.used is None else self.used


NOTHING = Gauge(None, 0)


class Worker(Struct, frozen=True, kw_only=True):
    """A node with everything that its picture shows: equal workers have equal pictures.

    `NodeStates` keeps the fields up to `instance` for every node; `at_moment` adds the rest for
    nodes on the screen. Texts are clean, except `zone` and the name of the group.
    """

    group: NodeGroup
    zone: str  # in full
    order: str  # sorts names naturally
    kind: str  # of instance
    spot: bool
    name: str = ""  # shortened
    health: Health = Health.UNKNOWN
    word: str = ""  # "Ready", or its worst problem
    words: tuple[str, ...] = ()  # under which it is counted
    version: str = ""
    instance: str = ""
    behind: int = 0  # minor versions behind the API server
    cpu: Gauge = NOTHING
    memory: Gauge = NOTHING
    pods: str = ""
    counted: str = "pods"  # what `pods` has the number of
    machine: str = ""  # the instance's state; empty while unknown
    machine_health: Health = Health.UNKNOWN
    beat: str = "-"  # age of the heartbeat
    beat_health: Health = Health.UNKNOWN
    age: str = ""
    stale: bool = False
    chosen: bool = False
    sessions: int = 0  # open ones

    @property
    def state(self) -> WorkerState:
        return self.health, self.word

    @property
    def place(self) -> str:
        return clean(short_zone(self.zone))


def beat_words(seconds: float | None, *, fine: bool) -> str:
    """Return `3s`, or `<10s` unless `fine`, so that a large and healthy cluster doesn't change."""
    if seconds is None:
        return "-"
    if not fine:
        for step in _COARSE:
            if seconds < step:
                return f"<{step}s"
    return human_duration(seconds)


class Load(NamedTuple):
    """The part of CPU or memory in use, whichever is higher; it may exceed 1."""

    share: float | None  # None: not known, and nothing to be known
    high: bool = False


class WorkerSource(Protocol):
    """The workers that a panel shows, and how each looks at a moment."""

    @property
    def workers(self) -> Mapping[str, Worker]:
        """All of them by key, as far as their group, order and health go."""

    @property
    def unhealthy(self) -> set[str]:
        """The keys of those with a problem."""

    def worker_at(self, name: str, scene: Scene) -> Worker:
        """Return one with everything that its picture shows now."""

    def load_at(self, name: str, scene: Scene) -> Load:
        """Return its load, as high as its cell in a heat map is."""

    def group_name(self, group: NodeGroup, *, alone: bool) -> Clean:
        """Return the heading of a group; `alone` if there is no other."""

    def good_word(self, group: NodeGroup) -> str:
        """Return the word of a worker that is well; a heading counts the workers that have it."""
