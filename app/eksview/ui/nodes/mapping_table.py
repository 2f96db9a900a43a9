"""The table of nodes and instances, joined."""

from collections.abc import Callable
from typing import ClassVar

from msgspec.structs import replace
from textual.binding import BindingType

from eksview.domain.aws.ssm_sessions import count
from eksview.domain.base.health import Health
from eksview.domain.base.text import clean
from eksview.domain.join.node_instance import MappingContext, MappingRow, RowKind, why_at, word_at
from eksview.domain.kube.node_labels import natural_key
from eksview.domain.tables.mapping_columns import (
    KIND_ORDER,
    MAPPING_COLUMNS,
    capacity,
    instance_state,
    manager,
)
from eksview.ui.base.messages import OpenMapped
from eksview.ui.base.view import View
from eksview.ui.nodes.ec2 import KIND_TONES, kind_health, kind_mark
from eksview.ui.table.live_table import LiveTable
from eksview.ui.table.spec import TableKind, sort_bindings
from eksview.ui.text.words import TONE_OF, Tone

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
) -> TableKind[MappingRow, MappingContext]:
    """What the table is told of its rows; a filter looks at what stands beside a row too."""

    def text(row: MappingRow) -> str:
        return _searched_text(row, context(clock()))

    def labels(row: MappingRow) -> dict[str, str]:
        return _filter_labels(row, context(clock()))

    return TableKind(
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
