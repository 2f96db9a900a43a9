"""The panel that fills spare room on home: the problems, newest first, and recent warnings."""

from collections.abc import Iterable, Iterator, Sequence
from heapq import nlargest
from itertools import chain
from typing import NamedTuple

from eksview.domain.aws.poll_plan import EC2
from eksview.domain.aws.unread import capitalized
from eksview.domain.base.age import coarse_duration
from eksview.domain.base.health import Health, severity
from eksview.domain.base.text import Clean, cells
from eksview.domain.join.checks.claims import failed_claims
from eksview.domain.join.mapping_row import RowKind, failed_at, why_at, word_at
from eksview.domain.kube.node_trouble import Trouble, node_trouble
from eksview.domain.rows.kube import EventRow, Kind
from eksview.domain.rows.link import Phase
from eksview.store.selectors.overview import Overview
from eksview.store.selectors.readings import unread_parts
from eksview.store.store import Store
from eksview.ui.base.lines.panel import Panel
from eksview.ui.base.view import View
from eksview.ui.home.node_states import NodeStates
from eksview.ui.home.worker_state import short_worker_name
from eksview.ui.text.styled_text import Ink, Spans, pad, width_of

REST = 5.0
"""Seconds between two looks, since nothing here is read by the second."""
RECENT = 3600.0
"""Seconds for which the API server keeps events."""
LEAST, MOST = 6, 40
"""The fewest lines that the panel is shown with, and the most entries of each part."""
_UNREGISTERED = "no node has registered: the instance's checks show the reason"
_AGE = 6  # cells of the column of ages


class Attention(Panel, can_focus=False):
    """Problems of nodes and instances, and below them the warnings of the last hour."""

    def __init__(self, view: View, overview: Overview, states: NodeStates) -> None:
        super().__init__(view, id="attention")
        self._overview = overview
        self._states = states
        self._looked = -1
        self._problems: list[Trouble] = []
        self._warnings: list[EventRow] = []
        self._now = 0.0

    def sync(self, now: float, *, full: bool = False) -> None:
        """Look again after a while, or at once if `full`."""
        if full or int(now / REST) != self._looked:
            self._looked, self._now = int(now / REST), now
            self._problems = problems(self.view.store, self._states, now)
            self._warnings = recent_warnings(self.view.store.events.values(), now)
            self.paint()

    @property
    def useful(self) -> bool:
        """True while nodes are read."""
        return self._overview.trust(Kind.NODE).whole

    def title(self) -> Spans:
        return [("Problems, newest first", self.heading)]

    def lines(self) -> list[Spans]:
        (width, height), ink, now = self.inner, self.ink, self._now
        unread = [_unread(sentence, width, ink) for sentence in self._unread()]
        room = height - len(unread) - 1
        above, below = _shares(len(self._problems), len(self._warnings), room)
        store = self.view.store
        troubles = [_problem(trouble, store, now) for trouble in self._problems[:above]]
        warnings = [_warning(event, store, now) for event in self._warnings[:below]]
        drawn = _drawn([*troubles, *warnings], width, ink)
        none = "No node has a known problem." if unread else "No node has a problem."
        return [
            *(drawn[: len(troubles)] or [[(none, ink.palette.dim)]]),
            *unread,
            [("Warnings of the last hour", ink.palette.strong)],
            *(drawn[len(troubles) :] or [[(self._no_warnings(), ink.palette.dim)]]),
        ]

    def _unread(self) -> tuple[Clean, ...]:
        """Return what of EC2 wasn't read, where instances may have problems that aren't known."""
        link = self.view.store.links.get(EC2)
        if link is None or link.phase is Phase.OFF:
            return ()
        return unread_parts(self.view.store, (Kind.INSTANCE.part, Kind.STATUS.part), self._now)

    def _no_warnings(self) -> str:
        phase = self._overview.phase(Kind.EVENT)
        return "None." if phase is Phase.LIVE else "Events can't be read."


def problems(store: Store, states: NodeStates, now: float) -> list[Trouble]:
    """Return why EC2's answers aren't of this cluster, then unhealthy nodes and lone instances.

    These are in order of time, newest first, the worst before.
    """
    nodes = (
        node_trouble(states.node(name), states.lease_of(name), now) for name in states.unhealthy
    )
    return [
        *_account(store),
        *nlargest(MOST, chain(nodes, _instances(store, now)), key=_newest),
    ]


def _account(store: Store) -> Iterator[Trouble]:
    if (mismatch := store.mapping.mismatch) is not None:
        yield Trouble("EC2", Health.WARN, mismatch.word, mismatch.reason)


def _newest(trouble: Trouble) -> tuple[float, int, str]:
    since = trouble.since if trouble.since is not None else 0.0
    return since, -severity(trouble.health), trouble.name


def _instances(store: Store, now: float) -> Iterator[Trouble]:
    mapping = store.mapping
    if mapping.counts[RowKind.CLAIM]:
        yield from _claims(store, now)
    if not mapping.counts[RowKind.NOT_JOINED]:
        return
    for row in mapping.rows.values():
        if row.kind is RowKind.NOT_JOINED:
            word, instance = word_at(row, now), store.instances.get(row.instance)
            failed = failed_at(row, now)
            health = Health.BAD if failed else Health.WARN
            since = instance.launched if instance else None
            why = _UNREGISTERED if failed else why_at(row, now)
            yield Trouble(row.instance, health, word, why, since)


def _claims(store: Store, now: float) -> Iterator[Trouble]:
    """Yield the NodeClaims that Karpenter can't launch or register."""
    for row in failed_claims(store.mapping.rows.values(), now):
        claim = store.mapping.claim(row.key)
        since = claim.created if claim else None
        name = row.instance or row.key
        yield Trouble(name, Health.BAD, word_at(row, now), why_at(row, now), since)


def recent_warnings(events: Iterable[EventRow], now: float) -> list[EventRow]:
    """Return the warnings of the last hour, newest first, one for each object and reason."""
    latest: dict[tuple[str, str], EventRow] = {}
    for event in events:
        if event.type != "Warning" or now - _last(event) > RECENT:
            continue
        key = event.about, event.reason
        if key not in latest or _last(latest[key]) < _last(event):
            latest[key] = event
    return nlargest(MOST, latest.values(), key=lambda event: (_last(event), event.uid))


def _last(event: EventRow) -> float:
    return event.last or event.first or 0.0


def _shares(above: int, below: int, height: int) -> tuple[int, int]:
    """Return the lines of both parts; each has half if both need more, and one at least."""
    above, below = max(1, above), max(1, below)
    if above + below <= height:
        return above, below
    half = height // 2
    if above <= half:
        return above, height - above
    return (height - below, below) if below <= half else (height - half, half)


class Entry(NamedTuple):
    """A line of the panel, clean: `✖ NotReady  12m  ip-10-0-1-56  KubeletNotReady: …`."""

    health: Health
    word: str
    since: str
    name: str
    cause: str


def _problem(trouble: Trouble, store: Store, now: float) -> Entry:
    since = "" if trouble.since is None else coarse_duration(now - trouble.since)
    name = short_worker_name(trouble.name, store)
    return Entry(trouble.health, trouble.word, since, name, trouble.cause)


def _warning(event: EventRow, store: Store, now: float) -> Entry:
    kind, _, place = event.about.partition("/")
    name = place.removeprefix("/")
    about = f"{kind.lower()} {store.names.short(name) if kind == 'Node' else name}"
    return Entry(
        Health.WARN, event.reason, coarse_duration(now - _last(event)), about, event.message
    )


def _drawn(entries: Sequence[Entry], width: int, ink: Ink) -> list[Spans]:
    """Return the entries in columns as wide as their content, with the rest for the reason."""
    word = min(max((cells(entry.word) for entry in entries), default=0), width // 5)
    name = min(max((cells(entry.name) for entry in entries), default=0), width // 3)
    return [_line(entry, word, name, width, ink) for entry in entries]


def _line(entry: Entry, word: int, name: int, width: int, ink: Ink) -> Spans:
    palette, more, gap = ink.palette, ink.glyphs.more, ("  ", ink.palette.text)
    style = palette.state(entry.health)
    head = [
        (f"{ink.glyphs.mark(entry.health)} ", style),
        *pad([(entry.word, style)], word, palette.text, more),
        (f"{entry.since:>{_AGE}}  ", palette.dim),
        *pad([(entry.name, palette.text)], name, palette.text, more),
        gap,
    ]
    return [
        *head,
        *pad([(entry.cause, palette.dim)], max(0, width - width_of(head)), palette.text, more),
    ]


def _unread(sentence: Clean, width: int, ink: Ink) -> Spans:
    palette = ink.palette
    line = [
        (f"{ink.glyphs.unknown} ", palette.state(Health.UNKNOWN)),
        (capitalized(sentence), palette.text),
    ]
    return pad(line, width, palette.text, ink.glyphs.more)
