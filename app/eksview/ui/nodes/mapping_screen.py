"""Each node with its EC2 instance, each instance with its node; and those that have none."""

from collections.abc import Collection
from typing import Any, ClassVar, cast

from textual.binding import Binding, BindingType

from eksview.domain.aws.poll_plan import AUTOSCALING, EC2, IMAGES, STATUS
from eksview.domain.base.reading import value_of, why_unread
from eksview.domain.join.node_instance import RowKind
from eksview.domain.live.polled import NODECLAIMS
from eksview.domain.tables.mapping_columns import KIND_ORDER
from eksview.ui.base.bindings import session
from eksview.ui.base.live_screen import Frame
from eksview.ui.nodes.ec2 import KIND_TONES, kind_mark
from eksview.ui.nodes.mapping_table import MappingTable
from eksview.ui.table.live_table import LiveTable
from eksview.ui.table.screen import TableScreen
from eksview.ui.text.aws_links import link_words
from eksview.ui.text.words import Tone, Words


class InstancesScreen(TableScreen):
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
