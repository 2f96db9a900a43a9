"""The table of the outer join of nodes and EC2 instances."""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, ClassVar, cast

from msgspec.structs import replace
from textual.binding import Binding, BindingType

from eksview.domain.aws.poll_plan import AUTOSCALING, EC2, IMAGES, STATUS
from eksview.domain.aws.ssm_sessions import count
from eksview.domain.base.health import Health, severity
from eksview.domain.base.natural_key import natural_key
from eksview.domain.base.reading import Permission, Refused, value_of, why_unread
from eksview.domain.base.text import clean
from eksview.domain.join.mapping_row import MappingContext, MappingRow, RowKind, why_at, word_at
from eksview.domain.live.polled import NODECLAIMS
from eksview.domain.live.trust import Trust
from eksview.domain.rows.kube import ClaimRow, Kind
from eksview.domain.tables.mapping_columns import (
    KIND_ORDER,
    MAPPING_COLUMNS,
    capacity,
    identity,
    instance_state,
    manager,
)
from eksview.store.selectors.readings import table_reading
from eksview.ui.base.lines.count_line import separated
from eksview.ui.base.live_screen import Frame
from eksview.ui.base.messages import OpenMapped
from eksview.ui.base.view import View
from eksview.ui.nodes.ec2 import KIND_TONES, kind_health, kind_mark
from eksview.ui.table.live_table import LiveTable
from eksview.ui.table.screen import TableScreen
from eksview.ui.table.spec import TableSpec, sort_bindings
from eksview.ui.text.aws_links import link_words
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.words import TONE_OF, Tone, Words, tone_of

QUIET_STATES = ("running", "-", "")
QUIET_COLUMNS = frozenset({
    "type", "zone", "age", "capacity", "image", "image-age", "group", "asg", "manager", "template",
    "private-ip", "public-ip", "lifecycle", "instance", "nodeclaim",
})  # fmt: skip


def _health(row: MappingRow, ctx: MappingContext) -> Health:
    """Return the health of a row: of a joined one, that of its node as STATE words it."""
    if row.kind is not RowKind.JOINED:
        return kind_health(row, ctx.now)
    ready, _, cordoned = row.word.partition(",")
    if ready == "NotReady":
        return Health.BAD
    if cordoned:
        return Health.WARN
    return Health.OK if ready == "Ready" else Health.UNKNOWN


def _sign(row: MappingRow, ctx: MappingContext, glyphs: Glyphs) -> tuple[str, Tone]:
    """Return the mark of a row's kind, or of a joined row's trouble, in the color of its health."""
    health = _health(row, ctx)
    if row.kind is RowKind.JOINED:
        return glyphs.mark(health), TONE_OF[health]
    failed = health is Health.BAD and row.kind in (RowKind.NOT_JOINED, RowKind.CLAIM)
    return kind_mark(row.kind, glyphs), "bad" if failed else KIND_TONES[row.kind]


def _rank(row: MappingRow, ctx: MappingContext) -> tuple[int, int, str, str]:
    """Sort problems first, by kind, then nodes by name, then instances."""
    worst = severity(_health(row, ctx))
    return worst, KIND_ORDER[row.kind], natural_key(row.node or "~"), row.instance


def _state(row: MappingRow, ctx: MappingContext) -> Tone:
    return tone_of(_health(row, ctx), "dim")


def _ec2(row: MappingRow, ctx: MappingContext) -> Tone:
    quiet = row.kind is RowKind.NO_NODE or instance_state(row, ctx) in QUIET_STATES
    return "dim" if quiet else "warn"


def _sessions(row: MappingRow, ctx: MappingContext) -> Tone:
    return "accent" if count(ctx.sessions(row.instance)) > 0 else "faint"


def _identity(row: MappingRow, _: MappingContext) -> str:
    """Return the node or NodeClaim, or the instance in brackets where there is neither."""
    return clean(identity(row) or f"({row.instance})")


def _searched_text(row: MappingRow, ctx: MappingContext) -> str:
    cells = (column.cell(row, ctx) for column in MAPPING_COLUMNS)
    return "\n".join((*cells, why_at(row, ctx.now))).lower()


def _filter_labels(row: MappingRow, ctx: MappingContext) -> dict[str, str]:
    owner = manager(row, ctx)
    instance = ctx.instance(row.instance)
    return (instance.tags if instance else {}) | {
        "kind": row.kind.value,
        "state": word_at(row, ctx.now),
        "ec2": instance_state(row, ctx),
        "capacity": capacity(row, ctx),
        "manager": owner.kind,
        "group": owner.name,
    }


def mappings(
    context: Callable[[float], MappingContext], clock: Callable[[], float]
) -> TableSpec[MappingRow, MappingContext]:
    """Return the table's specification; a filter also matches a row's instance and times."""

    def text(row: MappingRow) -> str:
        return _searched_text(row, context(clock()))

    def labels(row: MappingRow) -> dict[str, str]:
        return _filter_labels(row, context(clock()))

    return TableSpec(
        table="instances",
        columns=MAPPING_COLUMNS,
        name=lambda row: row.key,
        rank=_rank,
        text=text,
        labels=labels,
        tally=lambda row: row.kind.value,
        health=_health,
        tones={
            "kind": lambda row, _: KIND_TONES[row.kind],
            "state": _state,
            "ec2": _ec2,
            "checks": lambda row, ctx: "dim" if _fine(row, ctx) else "warn",
            "events": lambda *_: "warn",
            "sessions": _sessions,
        },
        quiet=QUIET_COLUMNS,
        hosts=frozenset({"node"}),
        least={"state": 26, "node": 14, "checks": 7},
        falling=frozenset({"sessions"}),
        opened=OpenMapped,
        sign=_sign,
        frozen=2,
        scrolled=tuple(
            replace(column, cell=_identity) for column in MAPPING_COLUMNS if column.id == "node"
        ),
    )


def _fine(row: MappingRow, ctx: MappingContext) -> bool:
    status = ctx.status(row.instance)
    return status is None or {status.system, status.instance} <= {"ok", "not-applicable"}


class MappingTable(LiveTable[MappingRow, MappingContext]):
    BINDINGS: ClassVar[list[BindingType]] = [*sort_bindings(MAPPING_COLUMNS)]

    def __init__(self, view: View) -> None:
        mapping = view.store.mapping
        spec = mappings(mapping.context, view.clock)
        super().__init__(view, spec, lambda: mapping.rows, mapping.context)

    def only(self, kind: RowKind | None) -> None:
        """Show the rows of one kind, or of all for None."""
        self.admit(None if kind is None else lambda row: row.kind is kind)


class MappingScreen(TableScreen):
    """A screen of the outer join; without AWS it has the nodes alone, with the reason."""

    NOUN = "instances"
    LINK = EC2
    TITLE: ClassVar[str | None] = "EC2 mapping"
    LINKS = ("nodes", NODECLAIMS, EC2, STATUS, AUTOSCALING, IMAGES)
    PARTS = (Kind.INSTANCE.part, Kind.STATUS.part, Kind.AUTOSCALING.part, Kind.IMAGE.part)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "o", "kind", "Kind", tooltip="Filter by kind; again for the next kind",
            id="instances.kind",
        ),
        Binding("0", "all", "All kinds", show=False, tooltip="Show all rows", id="instances.all"),
    ]  # fmt: skip

    _only: RowKind | None = None

    def make_table(self) -> LiveTable[Any, Any]:
        return MappingTable(self.view)

    def head(self) -> Words:
        """Return `11 rows: ◐ 1 not-joined, ● 10 joined`."""
        counts = self.view.store.mapping.counts
        total = sum(counts.values())
        kinds = sorted(filter(counts.get, counts), key=lambda kind: KIND_ORDER[kind])
        noun = "row" if total == 1 else "rows"
        return (
            (f"{total:,} {noun}", "strong"),
            *separated([*map(self._of_kind, kinds), *self._claims_unread()]),
        )

    def _claims_unread(self) -> Iterator[tuple[str, Tone]]:
        """Yield that NodeClaims couldn't be read, with the permission that is missing."""
        reading = table_reading(self.view.store, ClaimRow)
        if not why_unread(reading):
            return
        missing = reading.missing if isinstance(reading, Refused) else None
        needs = ""
        if isinstance(missing, Permission):
            needs = f" (needs {missing.verb} {missing.resource}.{missing.group})"
        yield f"{self.view.glyphs.unknown} nodeclaims unread{needs}", "unknown"

    def _of_kind(self, kind: RowKind) -> tuple[str, Tone]:
        """Return a kind's mark and count."""
        tone: Tone = "accent" if kind is self._only else KIND_TONES[kind]
        count = self.view.store.mapping.counts[kind]
        return f"{kind_mark(kind, self.view.glyphs)} {count:,} {kind.value}", tone

    def stale(self) -> bool:
        """Return whether one of the two sides is no longer confirmed."""
        return super().stale() or self.overview.trust(Kind.NODE) is Trust.STALE

    def extras(self) -> Sequence[Words]:
        """Return the age and the rate of EC2's answers, or the age."""
        store = self.view.store
        call, unusable = value_of(store.facts.call(EC2)), why_unread(store.facts.aws_identity)
        link, glyphs = store.links.get(EC2), self.view.glyphs
        short: list[Words] = [((f"{glyphs.warn} no AWS", "warn"),)] if unusable else []
        return [
            *(link_words(link, shown, unusable, self.now, glyphs) for shown in (call, None)),
            *short,
        ]

    def touched(self, frame: Frame) -> Collection[str]:
        return frame.changes.mapping

    def nothing(self) -> str:
        if self._only is not None:
            ways = self.view.keyed("Press {instances.all} to show all.")
            return f"No rows of kind {self._only.value}. {ways}"
        return "There are no nodes and no instances."

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str:  # noqa: ARG002
        """Return why a key for kinds would do nothing."""
        if action == "all" and self._only is None:
            return "The rows of all kinds are shown."
        return "There are no rows." if action == "kind" and not self.table.total else ""

    def action_kind(self) -> None:
        """Show the next kind that has rows."""
        counts = self.view.store.mapping.counts
        present = [None, *sorted((k for k, n in counts.items() if n), key=lambda k: KIND_ORDER[k])]
        at = present.index(self._only) if self._only in present else 0
        self._show(present[(at + 1) % len(present)])

    def action_all(self) -> None:
        self._show(None)

    def _show(self, kind: RowKind | None) -> None:
        self._only = kind
        cast(MappingTable, self.table).only(kind)
        self._count()
