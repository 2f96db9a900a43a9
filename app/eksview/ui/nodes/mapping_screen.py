"""Each node with its EC2 instance, each instance with its node; and those that have none."""

from collections.abc import Callable, Collection
from typing import Any, ClassVar, cast

from msgspec.structs import replace
from textual.binding import Binding, BindingType

from eksview.domain.aws.poll_plan import AUTOSCALING, EC2, IMAGES, STATUS
from eksview.domain.aws.ssm_sessions import count
from eksview.domain.base.health import Health
from eksview.domain.base.reading import value_of, why_unread
from eksview.domain.base.text import clean
from eksview.domain.join.node_instance import MappingContext, MappingRow, RowKind, why_at, word_at
from eksview.domain.kube.node_labels import natural_key
from eksview.domain.live.polled import NODECLAIMS
from eksview.domain.tables.mapping_columns import (
    KIND_ORDER,
    MAPPING_COLUMNS,
    capacity,
    instance_state,
    manager,
)
from eksview.ui.base.bindings import session
from eksview.ui.base.live_screen import Frame
from eksview.ui.base.messages import OpenMapped
from eksview.ui.base.view import View
from eksview.ui.nodes.ec2 import KIND_TONES, kind_health, kind_mark
from eksview.ui.table.live_table import LiveTable
from eksview.ui.table.screen import TableScreen
from eksview.ui.table.spec import TableSpec, sort_bindings
from eksview.ui.text.aws_links import link_words
from eksview.ui.text.words import TONE_OF, Tone, Words

QUIET_STATES = ("running", "-", "")
QUIET_COLUMNS = frozenset(
    [
        "type",
        "zone",
        "age",
        "capacity",
        "image",
        "image-age",
        "group",
        "asg",
        "manager",
        "template",
        "private-ip",
        "public-ip",
        "lifecycle",
        "instance",
    ]
)


def _rank(row: MappingRow) -> tuple[int, str, str]:
    """What isn't well stands first, then nodes by name, then instances."""
    return KIND_ORDER[row.kind], natural_key(row.node or "~"), row.instance


def _state(row: MappingRow, ctx: MappingContext) -> Tone:
    health = kind_health(row, ctx.now)
    return "dim" if health is Health.OK else TONE_OF[health]


def _ec2(row: MappingRow, ctx: MappingContext) -> Tone:
    return "dim" if instance_state(row, ctx) in QUIET_STATES else "warn"


def _sessions(row: MappingRow, ctx: MappingContext) -> Tone:
    return "accent" if count(ctx.sessions(row.instance)) > 0 else "faint"


def _identity(row: MappingRow, _: MappingContext) -> str:
    """The node, or the instance of a row without one, in brackets."""
    return clean(row.node or f"({row.instance})")


def _health(row: MappingRow, ctx: MappingContext) -> Health:
    return kind_health(row, ctx.now)


def _searched_text(row: MappingRow, ctx: MappingContext) -> str:
    cells = (column.cell(row, ctx) for column in MAPPING_COLUMNS)
    return "\n".join((*cells, why_at(row, ctx.now))).lower()


def _filter_labels(row: MappingRow, ctx: MappingContext) -> dict[str, str]:
    keeper = manager(row, ctx)
    instance = ctx.instance(row.instance)
    return (instance.tags if instance else {}) | {
        "kind": row.kind.value,
        "state": word_at(row, ctx.now),
        "ec2": instance_state(row, ctx),
        "capacity": capacity(row, ctx),
        "manager": keeper.kind,
        "group": keeper.name,
    }


def mappings(
    context: Callable[[float], MappingContext], clock: Callable[[], float]
) -> TableSpec[MappingRow, MappingContext]:
    """What the table is told of its rows; a filter looks at what stands beside a row too."""

    def text(row: MappingRow) -> str:
        return _searched_text(row, context(clock()))

    def labels(row: MappingRow) -> dict[str, str]:
        return _filter_labels(row, context(clock()))

    return TableSpec(
        noun="rows",
        columns=MAPPING_COLUMNS,
        name=lambda row: row.key,
        rank=_rank,
        text=text,
        labels=labels,
        tally=lambda row: row.kind.value,
        health=_health,
        tones={
            "node": lambda *_: "host",
            "kind": lambda row, _: KIND_TONES[row.kind],
            "state": _state,
            "ec2": _ec2,
            "checks": lambda row, ctx: "dim" if _fine(row, ctx) else "warn",
            "events": lambda *_: "warn",
            "sessions": _sessions,
        },
        quiet=QUIET_COLUMNS,
        least={"node": 16, "state": 19, "checks": 7},
        falling=frozenset({"sessions"}),
        opened=OpenMapped,
        sign=lambda row, glyphs: (kind_mark(row.kind, glyphs), KIND_TONES[row.kind]),
        frozen=2,
        scrolled=tuple(
            replace(column, cell=_identity) for column in MAPPING_COLUMNS if column.id == "node"
        ),
    )


def _fine(row: MappingRow, ctx: MappingContext) -> bool:
    status = ctx.status(row.instance)
    return status is None or {status.system, status.instance} <= {"ok", "not-applicable"}


class MappingTable(LiveTable[MappingRow, MappingContext]):
    """All rows of the join."""

    BINDINGS: ClassVar[list[BindingType]] = [*sort_bindings(MAPPING_COLUMNS)]

    def __init__(self, view: View, *, id: str | None = None) -> None:  # noqa: A002 - as Textual
        mapping = view.store.mapping
        super().__init__(
            view,
            mappings(mapping.context, view.clock),
            lambda: mapping.rows,
            mapping.context,
            id=id,
        )

    def only(self, kind: RowKind | None) -> None:
        """The rows of one kind; None for all."""
        self.admit(None if kind is None else lambda row: row.kind is kind)


class MappingScreen(TableScreen):
    """The outer join. Without AWS the nodes are there all the same, and why they stand alone."""

    NOUN = "instances"
    LINK = EC2
    BESIDE = ""  # EC2 can be asked while the API server is silent
    TITLE: ClassVar[str | None] = "EC2 mapping"
    ASKERS = ("nodes", NODECLAIMS, EC2, STATUS, AUTOSCALING, IMAGES)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "o", "kind", "Kind", tooltip="Only the rows of one kind, then of the next",
            id="instances.kind",
        ),
        Binding("0", "all", "All kinds", show=False, tooltip="All rows", id="instances.all"),
        session("instances"),
    ]  # fmt: skip

    _only: RowKind | None = None

    def make_table(self) -> LiveTable[Any, Any]:
        """All rows of the join."""
        return MappingTable(self.view, id="instances")

    def head(self) -> Words:
        """`12 rows: ◐ 1 unjoined, ● 10 joined, □ 1 elsewhere`, and how fresh EC2's part is."""
        counts = self.view.store.mapping.counts
        total = sum(counts.values())
        words: list[tuple[str, Tone]] = [(f"{total:,} {'row' if total == 1 else 'rows'}", "strong")]
        before = ": "
        for kind in sorted(counts, key=lambda kind: KIND_ORDER[kind]):
            if not counts[kind]:
                continue
            mark = kind_mark(kind, self.view.glyphs)
            tone: Tone = "accent" if kind is self._only else KIND_TONES[kind]
            words += [(before, "dim"), (f"{mark} {counts[kind]:,} {kind.value}", tone)]
            before = ", "
        return tuple(words)

    def extra(self) -> Words:
        """How old EC2's answer is, and what asking costs."""
        store = self.view.store
        unusable = why_unread(store.facts.aws_identity)
        call = value_of(store.facts.call(EC2))
        link = store.links.get(EC2)
        return link_words(link, call, unusable, self.now, self.view.glyphs)

    def touched(self, frame: Frame) -> Collection[str]:
        """What the join says has changed."""
        return frame.changes.mapping

    def nothing(self) -> str:
        """Neither side has anything."""
        if self._only is not None:
            return f"There is no row of kind {self._only.value}. 0 shows all."
        return "There is no node and no instance."

    def action_kind(self) -> None:
        """The next kind that there is a row of."""
        counts = self.view.store.mapping.counts
        there = [None, *sorted((k for k, n in counts.items() if n), key=lambda k: KIND_ORDER[k])]
        at = there.index(self._only) if self._only in there else 0
        self._show(there[(at + 1) % len(there)])

    def action_all(self) -> None:
        """All rows."""
        self._show(None)

    def _show(self, kind: RowKind | None) -> None:
        self._only = kind
        cast(MappingTable, self.table).only(kind)
        self._count()
