"""The table of nodes."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Literal

from msgspec.structs import replace
from textual.binding import BindingType

from eksview.domain.aws.ssm_sessions import count
from eksview.domain.base.age import human_duration
from eksview.domain.base.health import Health
from eksview.domain.base.natural_key import natural_key
from eksview.domain.base.quantity import percent
from eksview.domain.kube.node_counts import (
    added,
    heartbeat_words,
    in_order,
    node_words,
    word_health,
)
from eksview.domain.kube.node_status import heartbeat_age, heartbeat_health, node_health
from eksview.domain.kube.pod_totals import PodTotals
from eksview.domain.live.polled import USAGE
from eksview.domain.rows.kube import Kind, NodeRow
from eksview.domain.rows.link import Phase
from eksview.domain.tables.column import NodeContext
from eksview.domain.tables.node_columns import NODE_COLUMNS
from eksview.ui.base.lines.count_line import separated
from eksview.ui.base.live_screen import Frame
from eksview.ui.base.messages import OpenNode
from eksview.ui.base.usage_shown import missing_usage_words, newest_usage, why_no_usage
from eksview.ui.base.view import View
from eksview.ui.table.live_table import LiveTable
from eksview.ui.table.screen import TableScreen
from eksview.ui.table.spec import TableSpec, sort_bindings
from eksview.ui.text.words import Tone, Words, tone_of

CALM = 5
"""Seconds by which the shown age of a heartbeat grows at a time."""
OVERDUE = 20
"""The age in seconds from which on it grows by single seconds."""

_MOVING = frozenset({"age", "pods", "cpu", "mem", "cpu-use", "mem-use", "heartbeat", "sessions"})
_USAGE = frozenset({"cpu-use", "mem-use"})
_TEXTS = [column.cell for column in NODE_COLUMNS if column.id not in _MOVING]
_NO_CONTEXT = NodeContext(0.0, lambda _: PodTotals(), lambda _: None)


def _text(row: NodeRow) -> str:
    return "\n".join([cell(row, _NO_CONTEXT) for cell in _TEXTS]).lower()


def _tally(row: NodeRow) -> str:
    """Return the node's words, one a line: a condition's name may have any other character."""
    return "\n".join(node_words(row))


def _health(row: NodeRow, ctx: NodeContext) -> Health:
    return node_health(row, ctx.lease_of(row.name), ctx.now)


def _status(row: NodeRow, ctx: NodeContext) -> Tone:
    return tone_of(_health(row, ctx))


def _heartbeat(row: NodeRow, ctx: NodeContext) -> Tone:
    return tone_of(heartbeat_health(ctx.lease_of(row.name), ctx.now), "dim")


def _requested(row: NodeRow, ctx: NodeContext, of: Literal["cpu", "memory", "pods"]) -> Tone:
    totals = ctx.pod_totals_of(row.name)
    share = percent(getattr(totals, of), getattr(row.allocatable, of))
    return tone_of(ctx.thresholds.requests(share), "text")


def _used(row: NodeRow, ctx: NodeContext, of: Literal["cpu", "memory"]) -> Tone:
    usage = ctx.usage_of(row.name)
    if usage is None:
        return "dim"
    share = percent(getattr(usage, of), getattr(row.allocatable, of))
    return tone_of(ctx.thresholds.usage(share), "text")


def _sessions(row: NodeRow, ctx: NodeContext) -> Tone:
    return "accent" if count(ctx.sessions_of(row.name)) > 0 else "faint"


def _calm_heartbeat(row: NodeRow, ctx: NodeContext) -> str:
    """Return the age in steps: each second between renewals only costs bytes over SSH."""
    since = heartbeat_age(ctx.lease_of(row.name), ctx.now)
    if since is None:
        return "-"
    return human_duration(since - since % CALM if since < OVERDUE else since)


_COLUMNS = tuple(
    replace(column, cell=_calm_heartbeat) if column.id == "heartbeat" else column
    for column in NODE_COLUMNS
)

NODES: TableSpec[NodeRow, NodeContext] = TableSpec(
    table="nodes",
    columns=_COLUMNS,
    name=lambda row: natural_key(row.name),
    text=_text,
    labels=lambda row: row.labels,
    values=lambda row: row.values,
    tally=_tally,
    health=_health,
    tones={
        "status": _status,
        "conditions": _status,
        "heartbeat": _heartbeat,
        "sessions": _sessions,
        "pods": lambda row, ctx: _requested(row, ctx, "pods"),
        "cpu": lambda row, ctx: _requested(row, ctx, "cpu"),
        "mem": lambda row, ctx: _requested(row, ctx, "memory"),
        "cpu-use": lambda row, ctx: _used(row, ctx, "cpu"),
        "mem-use": lambda row, ctx: _used(row, ctx, "memory"),
    },
    quiet=frozenset({
        "roles", "age", "version", "internal-ip", "external-ip", "os-image", "kernel", "runtime",
        "taints", "instance", "type",
    }),
    hosts=frozenset({"name"}),
    least={
        "status": 27, "name": 20, "conditions": 13, "version": 12, "group": 12, "runtime": 12,
        "os-image": 14, "taints": 14, "kernel": 14,
    },
    falling=frozenset({"pods", "cpu", "mem", "cpu-use", "mem-use", "heartbeat", "sessions"}),
    opened=OpenNode,
)  # fmt: skip


def _no_lease(node: str) -> None:
    """Return no lease: none can be judged."""


class NodeTable(LiveTable[NodeRow, NodeContext]):
    BINDINGS: ClassVar[list[BindingType]] = [*sort_bindings(NODE_COLUMNS)]

    def __init__(self, view: View) -> None:
        store = view.store
        super().__init__(
            view,
            NODES,
            lambda: store.nodes,
            lambda now: NodeContext(
                now,
                store.pod_totals_of,
                store.lease_of if store.heartbeats.judges(now) else _no_lease,
                lambda name: store.usage_of(name, now),
                store.mapping.sessions_of,
                view.server_minor,
                view.settings.thresholds,
            ),
        )

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str:
        """Return why sorting by usage would do nothing, where no usage is read."""
        if action == "sort" and not _USAGE.isdisjoint(parameters):
            store = self.view.store
            return why_no_usage(store.links.get(USAGE), newest_usage(store), self.view.clock())
        return super().why_not(action, parameters)


class NodesScreen(TableScreen):
    """A screen with the columns of `kubectl get nodes -o wide` and more."""

    NOUN = "nodes"
    LINK = Kind.NODE
    TITLE: ClassVar[str | None] = "Nodes"
    LINKS = ("nodes", "pods", "leases")

    def make_table(self) -> LiveTable[Any, Any]:
        return NodeTable(self.view)

    def head(self) -> Words:
        """Return `9 nodes: 7 Ready, 1 NotReady, 1 cordoned`."""
        tallies = self.table.tallies
        counts = added({tuple(text.split("\n")): nodes for text, nodes in tallies.items()})
        return tuple(count_words(sum(tallies.values()), counts + self._heartbeats()))

    def _heartbeats(self) -> Counter[str]:
        """Count the late and missing heartbeats, unless the leases can't be trusted."""
        store, counts = self.view.store, Counter[str]()
        if store.heartbeats.judges(self.now):
            for name, row in store.nodes.items():
                heartbeat = heartbeat_health(store.lease_of(name), self.now)
                counts.update(heartbeat_words(row, heartbeat))
        return counts

    def extras(self) -> Sequence[Words]:
        store = self.view.store
        link = store.links.get(Kind.POD)
        if link is not None and link.phase is Phase.OFF:
            return ((("pods not watched", "dim"),),)
        usage, at = store.links.get(USAGE), newest_usage(store)
        if not why_no_usage(usage, at, self.now):
            return ()
        return tuple(missing_usage_words(usage, at, self.now))

    def touched(self, frame: Frame) -> Collection[str]:
        return frame.changes.nodes

    def nothing(self) -> str:
        return "This cluster has no nodes."


def count_words(total: int, counts: Mapping[str, int]) -> Iterator[tuple[str, Tone]]:
    """Yield the number of nodes, and how many of them each word is true of."""
    yield f"{total:,} {'node' if total == 1 else 'nodes'}", "strong"
    words = in_order(counts)
    yield from separated((f"{counts[word]:,} {word}", tone_of(word_health(word))) for word in words)
