"""The recipe "Add a watched resource" of CONTRIBUTING, done for namespaces: file by file."""

from pathlib import Path

ROW = '''

class NamespaceRow(RowByName, frozen=True, gc=False):
    """A namespace."""

    uid: Clean
    created: float
    phase: Clean

'''

RESOURCE = '''
"""Namespaces: the fields that are read of them, their row and how they are printed."""

from msgspec import Struct, field

from eksview.domain.base.age import age, parse_time
from eksview.domain.base.text import clean
from eksview.domain.kube.api_types import Meta
from eksview.domain.resources.resource import Resource
from eksview.domain.rows.kube import Kind, NamespaceRow
from eksview.domain.tables.column import Column, text_or


class NamespaceStatus(Struct, gc=False):
    phase: str = ""


class Namespace(Struct, gc=False):
    metadata: Meta = field(default_factory=Meta)
    status: NamespaceStatus | None = None


def namespace_row(namespace: Namespace) -> NamespaceRow:
    meta, status = namespace.metadata, namespace.status or NamespaceStatus()
    return NamespaceRow(
        clean(meta.name),
        clean(meta.uid),
        parse_time(meta.creation_timestamp) or 0.0,
        clean(status.phase),
    )


COLUMNS: tuple[Column[NamespaceRow, float], ...] = (
    Column(
        id="name",
        title="NAME",
        cell=lambda row, _: text_or(row.name, "<none>"),
        sort=lambda row, _: row.name,
        width=24,
        tier=0,
        key="N",
        kubectl="default",
    ),
    Column(
        id="status",
        title="STATUS",
        cell=lambda row, _: text_or(row.phase, "<unknown>"),
        sort=lambda row, _: row.phase,
        width=11,
        tier=0,
        key="S",
        kubectl="default",
    ),
    Column(
        id="age",
        title="AGE",
        cell=lambda row, now: age(now, row.created or None),
        sort=lambda row, _: -int(row.created),
        width=6,
        tier=1,
        key="A",
        kubectl="default",
    ),
)

RESOURCE = Resource(
    kind=Kind.NAMESPACE,
    object_kind="Namespace",
    shape=Namespace,
    row=namespace_row,
    namespaced=False,
    get=("namespaces", "namespace", "ns"),
    columns=COLUMNS,
)
'''

SCREEN = '''
"""All namespaces, live."""

from collections.abc import Collection
from typing import Any, ClassVar

from textual.binding import BindingType

from eksview.domain.base.health import Health
from eksview.domain.resources.namespaces import COLUMNS
from eksview.domain.rows.kube import Kind, NamespaceRow
from eksview.ui.base.live_screen import Frame
from eksview.ui.table.live_table import LiveTable
from eksview.ui.table.screen import TableScreen
from eksview.ui.table.spec import TableSpec, sort_bindings
from eksview.ui.text.words import Words

SPEC: TableSpec[NamespaceRow, float] = TableSpec(
    columns=COLUMNS,
    name=lambda row: row.name,
    text=lambda row: row.name.lower(),
    labels=lambda _: "",
    tally=lambda row: row.phase,
    health=lambda row, _: Health.OK if row.phase == "Active" else Health.WARN,
    tones={},
    quiet=frozenset({"age"}),
    least={"name": 12},
    falling=frozenset(),
    opened=lambda _: None,
)


class NamespaceTable(LiveTable[NamespaceRow, float]):
    BINDINGS: ClassVar[list[BindingType]] = [*sort_bindings(COLUMNS)]


class NamespacesScreen(TableScreen):
    NOUN = "namespaces"
    LINK = Kind.NAMESPACE
    TITLE: ClassVar[str | None] = "Namespaces"
    LINKS = ("namespaces",)

    def make_table(self) -> LiveTable[Any, Any]:
        rows = self.view.store.table(NamespaceRow)
        return NamespaceTable(self.view, SPEC, lambda: rows, lambda now: now)

    def head(self) -> Words:
        return ((f"{self.table.total:,} namespaces", "strong"),)

    def touched(self, frame: Frame) -> Collection[str]:
        return frame.changes.tables.get(Kind.NAMESPACE, ())

    def nothing(self) -> str:
        return "This cluster has no namespaces."
'''

SCREEN_SPEC = """    ScreenSpec(
        "namespaces", "eksview.ui.cluster.namespaces_screen:NamespacesScreen",
        "all namespaces",
        title="Namespaces", aliases=("ns",),
    ),
"""

NEW = {
    "eksview/domain/resources/namespaces.py": RESOURCE,
    "eksview/ui/cluster/namespaces_screen.py": SCREEN,
}
"""Files that the recipe adds."""

CHANGED = {
    "eksview/domain/rows/kube.py": (
        ("    uid: Clean = EMPTY\n", ROW),
        ('    LEASE = "leases", LeaseRow\n', '    NAMESPACE = "namespaces", NamespaceRow\n'),
        ("    Kind.NODE, Kind.POD, Kind.EVENT, Kind.LEASE,", " Kind.NAMESPACE,"),
        ("KubeRow: TypeAlias = ", "NamespaceRow | "),
    ),
    "eksview/ui/base/screen_registry.py": (
        ("SCREENS: tuple[ScreenSpec, ...] = (\n", SCREEN_SPEC),
    ),
}  # fmt: skip
"""Files that the recipe changes: each text with what is put behind it."""


def apply(app: Path) -> int:
    """Follow the recipe in a copy of `app/`; returns how many files it touches."""
    for name, text in NEW.items():
        assert not (app / name).exists()
        (app / name).write_text(text.lstrip())
    for name, changes in CHANGED.items():
        text = (app / name).read_text()
        for anchor, addition in changes:
            assert text.count(anchor) == 1, (name, anchor)
            text = text.replace(anchor, anchor + addition)
        (app / name).write_text(text)
    return len(NEW) + len(CHANGED)
