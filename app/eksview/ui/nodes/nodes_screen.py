"""All nodes, live."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Any, ClassVar

from textual.binding import BindingType

from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Phase
from eksview.ui.base.bindings import session
from eksview.ui.base.live_screen import Frame
from eksview.ui.base.messages import OpenNode
from eksview.ui.nodes.node_table import NodeTable
from eksview.ui.table.live_table import LiveTable
from eksview.ui.table.screen import TableScreen
from eksview.ui.text.words import Tone, Words

_CORDONED = "SchedulingDisabled"


class NodesScreen(TableScreen):
    """`kubectl get nodes -o wide`, and what else a node has to say."""

    NOUN = "nodes"
    LINK = Kind.NODE
    TITLE: ClassVar[str | None] = "Nodes"
    ASKERS = ("nodes", "pods", "leases")
    BINDINGS: ClassVar[list[BindingType]] = [session("nodes")]

    def make_table(self) -> LiveTable[Any, Any]:
        """All nodes of the store."""
        return NodeTable(self.view, id="nodes")

    def subject(self) -> OpenNode | None:
        """The node under the cursor."""
        row = self.table.current if self.table.shown else None
        return OpenNode(row.name) if row else None

    def head(self) -> Words:
        """`9 nodes: 7 Ready, 1 NotReady, 1 cordoned`."""
        return tuple(node_words(self.table.tallies))

    def extra(self) -> Words:
        """Why there are no figures of pods."""
        link = self.view.store.links.get(Kind.POD)
        off = link is not None and link.phase is Phase.OFF
        return (("pods not followed", "dim"),) if off else ()

    def touched(self, frame: Frame) -> Collection[str]:
        """Nodes, also those whose pods or lease changed."""
        return frame.changes.nodes

    def nothing(self) -> str:
        """No node has joined."""
        return "This cluster has no nodes."


def node_words(tallies: Mapping[str, int]) -> Iterator[tuple[str, Tone]]:
    """Say how many nodes there are and what is the matter with them.

    `tallies` counts nodes by words apart by commas, the first of which is Ready, NotReady or
    Unknown. A node counts under each of its words.
    """
    total = sum(tallies.values())
    words: Counter[str] = Counter()
    for text, count in tallies.items():
        for word in text.split(","):
            words[word] += count
    yield f"{total:,} {'node' if total == 1 else 'nodes'}", "strong"
    before = ": "
    for word in sorted(words, key=lambda word: (_rank(word), word)):
        yield before, "dim"
        yield f"{words[word]:,} {'cordoned' if word == _CORDONED else word}", _tone(word)
        before = ", "


def _rank(word: str) -> int:
    return {"Ready": 0, "NotReady": 1, "Unknown": 2, _CORDONED: 3}.get(word, 4)


def _tone(word: str) -> Tone:
    tones: dict[str, Tone] = {"Ready": "text", "NotReady": "bad", "Unknown": "unknown"}
    return tones.get(word, "warn")
