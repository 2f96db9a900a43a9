"""The definition of the live table of any resource."""

from collections.abc import Callable, Sequence

from eksview.domain.base.health import Health, severity
from eksview.domain.base.text import Clean
from eksview.domain.guides.guide import CellOf, KindGuide
from eksview.domain.guides.object_columns import (
    NAMESPACE,
    ObjectColumn,
    ObjectContext,
    object_columns,
)
from eksview.domain.kube.server_table import ObjectRow, TableColumn, TableColumns
from eksview.domain.tables.column import WIDE_ONLY
from eksview.ui.base.messages import Subject
from eksview.ui.table.rows.sorted_keys import Rank
from eksview.ui.table.spec import TableSpec
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.words import TONE_OF, Tone, tone_of

SILENT = ""
"""The tally of a row of which no rule says anything."""
_NARROW = {NAMESPACE: 13, "name": 24}
_TIGHT = {NAMESPACE: 9, "name": 16}
"""Cells to which these shrink: the name before texts, the namespace, which is short, last."""
_TEXT = 12
"""Cells to which columns of text shrink to let others in."""
_IMPORTANT = 20
"""Cells to which important ones shrink before others are dropped."""


class ObjectJudge:
    """Judges rows by the guide to their resource."""

    def __init__(self, guide: KindGuide) -> None:
        self._guide = guide
        self._columns: TableColumns | None = None
        self._at: dict[str, int] = {}

    def health(self, row: ObjectRow) -> Health | None:
        """Return a row's health; None where nothing says anything about it."""
        return self._guide.health(self._cell_of(row))

    def severity(self, row: ObjectRow, _: ObjectContext) -> Health:
        """Return a row's health for sorting: OK where nothing says anything."""
        return self.health(row) or Health.OK

    def sign(self, row: ObjectRow, _: ObjectContext, glyphs: Glyphs) -> tuple[str, Tone]:
        """Return the mark of a row; none where nothing says anything."""
        state = self.health(row)
        return (" ", "text") if state is None else (glyphs.mark(state), TONE_OF[state])

    def tone_rule(self, name: str) -> Callable[[ObjectRow, ObjectContext], Tone]:
        """Return the rule for the tone of a column's cells."""

        def tone(row: ObjectRow, _: ObjectContext) -> Tone:
            troubled = name in self.troubled(row)
            return tone_of(self.health(row) or Health.OK) if troubled else "text"

        return tone

    def troubled(self, row: ObjectRow) -> Sequence[str]:
        """Return the names of the columns that are trouble."""
        return self._guide.troubled(self._cell_of(row))

    def _cell_of(self, row: ObjectRow) -> CellOf:
        if row.columns is not self._columns:
            self._columns = row.columns
            self._at = {
                column.name.lower(): at
                for at, column in reversed([*enumerate(row.columns.columns)])
            }
        places, texts = self._at, row.cells
        values = guide_values(self._guide, row) if self._guide.values else {}

        def cell(name: str) -> str | None:
            if name in values:
                return values[name]
            at = places.get(name)
            return None if at is None or at >= len(texts) else texts[at]

        return cell


def guide_values(guide: KindGuide, row: ObjectRow) -> dict[str, Clean]:
    """Return a guide's values of a row by name: after those of the configuration file."""
    names = (value.name for value in reversed(guide.values))
    return dict(zip(names, reversed(row.values), strict=False))


def object_spec(
    columns: Sequence[TableColumn],
    guide: KindGuide,
    opened: Callable[[str], Subject | None],
    *,
    namespaced: bool,
    table: str = "",
) -> TableSpec[ObjectRow, ObjectContext]:
    """Return the definition of a table by the columns of the server."""
    judge = ObjectJudge(guide)
    made = object_columns(columns, guide.columns, namespaced=namespaced)
    ids = [column.id for column in made]
    texts = [
        column for column in made if column.measure is None and column.id not in ("name", NAMESPACE)
    ]
    important = [column.id for column in texts if column.title.lower() in guide.columns]
    first = ids.index("name") + 1 if "name" in ids else 1

    return TableSpec(
        table=table,
        columns=made,
        name=lambda row: f"{row.namespace}\0{row.name}",
        text=lambda row: "\n".join((row.namespace, row.name, *row.cells)).lower(),
        labels=lambda row: row.labels,
        values=lambda row: row.values,
        tally=lambda row: judge.health(row) or SILENT,
        health=judge.severity,
        tones={
            each.id: judge.tone_rule(each.title.lower())
            for each in made
            if each.title.lower() in {rule.column for rule in guide.rules}
        },
        quiet=frozenset({NAMESPACE, "age", *(each.id for each in made if each.tier == WIDE_ONLY)}),
        least={"name": _NARROW["name"], NAMESPACE: _NARROW[NAMESPACE]}
        | {each.id: _IMPORTANT if each.id in important else _TEXT for each in reversed(texts)},
        tight={
            "name": _TIGHT["name"],
            **dict.fromkeys(important, _TEXT),
            NAMESPACE: _TIGHT[NAMESPACE],
        },
        shared=frozenset(each.id for each in texts),
        falling=frozenset(
            each.id for each in made if each.measure is not None and each.measure.unit == "number"
        ),
        opened=opened,
        rank=_newest_first(made, guide, judge),
        sign=judge.sign,
        frozen=first if first <= 2 else 1,
        pure=True,
    )


def _newest_first(
    columns: Sequence[ObjectColumn], guide: KindGuide, judge: ObjectJudge
) -> Callable[[ObjectRow, ObjectContext], Rank] | None:
    """Return the order by health and then by the guide's moment; None without such a column."""
    moment = next((each.sort for each in columns if each.title.lower() == guide.newest), None)
    if moment is None:
        return None
    return lambda row, context: (severity(judge.severity(row, context)), moment(row, context))
