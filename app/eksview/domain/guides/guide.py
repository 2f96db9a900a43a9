"""The form of a guide to a resource, and the rules by which a cell is trouble.

Rules read the texts of the server's own columns; a column that a server doesn't have says nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, TypeAlias

from msgspec import Struct

from eksview.domain.base.health import Health
from eksview.domain.base.whole_numbers import whole_number_of
from eksview.domain.guides.object_values import ObjectValue

CellOf: TypeAlias = Callable[[str], str | None]
"""Returns the text of a column by its name in small letters, or of a value of the guide; None
without it."""
Opens: TypeAlias = Literal["details", "pods"]
"""What Enter leads to: the object's details, or the pods of the namespace of its name."""
PodsBy: TypeAlias = Literal["", "owner", "selector", "namespace"]
"""How the pods of an object are found: those that it or its children own, those that its selector
matches, those of the namespace of its name; empty for an object without pods."""


class StateWords(Struct, frozen=True):
    """A rule: the health of each text of a column; other texts are `otherwise`."""

    column: str
    states: Mapping[str, Health]
    otherwise: Health | None = None

    def judge(self, cell: CellOf) -> Health | None:
        text = cell(self.column)
        if text is None:
            return None
        return self.states.get(text, self.otherwise)


class ReadyPart(Struct, frozen=True):
    """A rule: a column of `ready/wanted` is trouble while not all are ready.

    Where the column doesn't tell, `value` names one of the guide's that does.
    """

    column: str
    value: str = ""

    def judge(self, cell: CellOf) -> Health | None:
        ready, _, wanted = (cell(self.value or self.column) or "").partition("/")
        return _compared(ready, wanted)


class Fewer(Struct, frozen=True):
    """A rule: fewer in a column than in another one is trouble."""

    column: str
    wanted: str

    def judge(self, cell: CellOf) -> Health | None:
        return _compared(cell(self.column) or "", cell(self.wanted) or "")


class Holds(Struct, frozen=True):
    """A rule: a part of a column's text has a health."""

    column: str
    part: str
    health: Health

    def judge(self, cell: CellOf) -> Health | None:
        return self.health if self.part in (cell(self.column) or "") else None


Rule: TypeAlias = StateWords | ReadyPart | Fewer | Holds


def _compared(ready: str, wanted: str) -> Health | None:
    has, needs = whole_number_of(ready), whole_number_of(wanted)
    if has is None or needs is None:
        return None
    if has >= needs:
        return Health.OK
    return Health.WARN if has else Health.BAD


class KindGuide(Struct, frozen=True):
    """A resource by its qualified name.

    `columns` are those that stay on a narrow terminal, in small letters and beside the name.
    `children` are the resources whose objects it owns, pods left out. `newest` is the column of the
    moment by which rows of one health are ordered, the newest first; empty for their names.
    `values` are those of whole objects that rules read because the server prints no such column.
    """

    resource: str
    columns: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    opens: Opens = "details"
    pods: PodsBy = ""
    children: tuple[str, ...] = ()
    newest: str = ""
    values: tuple[ObjectValue, ...] = ()

    def health(self, cell: CellOf) -> Health | None:
        """Return the worst that a rule says of a row; None where none says anything."""
        return worst_of([rule.judge(cell) for rule in self.rules])

    def troubled(self, cell: CellOf) -> Sequence[str]:
        """Return the columns whose cells are trouble."""
        return [
            rule.column
            for rule in self.rules
            if rule.judge(cell) in (Health.WARN, Health.BAD, Health.UNKNOWN)
        ]


_ORDER = (Health.BAD, Health.WARN, Health.UNKNOWN, Health.OK)


def worst_of(healths: Sequence[Health | None]) -> Health | None:
    """Return the worst of those that are known; None without any."""
    return next((health for health in _ORDER if health in healths), None)
