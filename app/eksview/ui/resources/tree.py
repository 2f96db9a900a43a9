"""The owners of an object above it and its children below, as a table to move in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from eksview.domain.base.age import age
from eksview.domain.base.health import Health
from eksview.domain.base.text import Clean, clean
from eksview.domain.guides.object_columns import ObjectContext
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.tables.column import Column
from eksview.ui.base.messages import OpenObject, Subject
from eksview.ui.base.view import View
from eksview.ui.table.live_table import LiveTable
from eksview.ui.table.spec import TableSpec
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.words import TONE_OF, Tone, tone_of


class Relative(Struct, frozen=True):
    """An object of the tree; `this` is the one whose tree it is, `created` 0 where unknown."""

    at: int
    depth: int
    ref: ObjectRef
    status: Clean = clean("")
    health: Health | None = None
    created: float = 0.0
    this: bool = False
    lead: str = ""

    @property
    def key(self) -> str:
        ref = self.ref
        return f"{self.depth}/{ref.api}/{ref.kind}/{ref.namespace}/{ref.name}"

    def cell(self, _: ObjectContext) -> Clean:
        """Return the name below its owner's."""
        return clean(f"{self.lead}{self.ref.kind}/{self.ref.name}")


_COLUMNS: tuple[Column[Relative, ObjectContext], ...] = (
    Column(
        id="object", title="OBJECT", cell=Relative.cell, sort=lambda row, _: row.at,
        width=40, tier=0, key="",
    ),
    Column(
        id="status", title="STATUS", cell=lambda row, _: row.status, sort=lambda row, _: row.at,
        width=16, tier=0, key="",
    ),
    Column(
        id="age", title="AGE",
        cell=lambda row, ctx: age(ctx.now, row.created or None), sort=lambda row, _: row.at,
        width=6, tier=1, key="",
    ),
)  # fmt: skip


def _sign(row: Relative, _: ObjectContext, glyphs: Glyphs) -> tuple[str, Tone]:
    if row.health is None:
        return " ", "text"
    return glyphs.mark(row.health), TONE_OF[row.health]


class TreeTable(LiveTable[Relative, ObjectContext]):
    """The tree of an object; Enter opens what is under the cursor."""

    BINDING_GROUP_TITLE = "Owners"

    def __init__(self, view: View) -> None:
        self._relatives: Mapping[str, Relative] = {}
        spec: TableSpec[Relative, ObjectContext] = TableSpec(
            columns=_COLUMNS,
            name=lambda row: row.key,
            text=lambda row: f"{row.ref.kind}/{row.ref.name}\n{row.status}".lower(),
            labels=lambda _: "",
            tally=lambda _: "",
            health=lambda row, _: row.health or Health.OK,
            tones={
                "object": lambda row, _: "strong" if row.this else "text",
                "status": lambda row, _: tone_of(row.health or Health.OK),
            },
            quiet=frozenset({"age"}),
            least={"object": 24, "status": 16},  # names first: their ends tell pods apart
            falling=frozenset(),
            opened=self._open_relative,
            rank=lambda row, _: row.at,
            sign=_sign,
        )
        super().__init__(view, spec, lambda: self._relatives, ObjectContext)

    def show(self, rows: Iterable[Relative], now: float) -> None:
        """Show these rows."""
        relatives = {row.key: row for row in rows}
        if relatives != self._relatives:
            self._relatives = relatives
        self.sync(now)

    def _open_relative(self, key: str) -> Subject | None:
        row = self._relatives.get(key)
        return None if row is None else OpenObject(row.ref)


def numbered(rows: Iterable[Relative], glyphs: Glyphs) -> Iterator[Relative]:
    """Yield the rows with their places and the line that leads to each."""
    branch = f"{glyphs.corner[2]}{glyphs.line[0]} "
    for at, row in enumerate(rows):
        lead = "   " * (row.depth - 1) + branch if row.depth else ""
        yield replace(row, at=at, lead=lead)


def owner_rows(owners: Sequence[ObjectRef]) -> list[Relative]:
    """Return the owners, the nearest of which is given first, from the top down."""
    return [Relative(0, depth, ref) for depth, ref in enumerate(reversed(owners))]
