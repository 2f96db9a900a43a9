"""The fan-out to all screens: the latest state for a new screen, then every message."""

from collections import defaultdict
from collections.abc import Iterator
from threading import Lock

from eksview.domain.kube.server_table import TableColumns
from eksview.domain.live.facts import AnyFactSet, FactSet
from eksview.domain.live.messages import (
    AnyRow,
    Drop,
    Fanout,
    Forget,
    LinkState,
    Message,
    Put,
    Reset,
    Sink,
    Swap,
    TableKey,
    Trace,
)
from eksview.domain.rows.kube import in_scope
from eksview.store.mailbox import TRACED


class ViewerFanout:
    """A `Sink` of the data thread that sends a new screen the whole state, then every message.

    Screens share the rows: each one needs memory for its tables, but no copies of their rows.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._screens = Fanout()
        self._tables: defaultdict[TableKey, dict[str, AnyRow]] = defaultdict(dict)
        self._columns: dict[TableKey, TableColumns] = {}
        self._links: dict[str, LinkState] = {}
        self._facts: dict[str, AnyFactSet] = {}
        self._traces: dict[int, Trace] = {}

    def join(self, sink: Sink) -> None:
        """Send a sink the state, and every later message."""
        with self._lock:
            for message in self._state():
                sink.send(message)
            self._screens.subscribe(sink.send)

    def leave(self, sink: Sink) -> None:
        with self._lock:
            self._screens.unsubscribe(sink.send)

    def send(self, message: Message, /) -> None:
        """Update the state and pass the message on to every screen."""
        with self._lock:
            self._keep(message)
            self._screens.send(message)

    def _state(self) -> Iterator[Message]:
        for kind, table in self._tables.items():
            columns = self._columns.get(kind)
            if table or columns is not None:
                yield Swap(kind, tuple(table.values()), columns=columns)
        yield from self._links.values()
        yield from self._facts.values()
        yield from self._traces.values()

    def _keep(self, message: Message) -> None:
        match message:
            case Put(kind, row):
                self._tables[kind][row.key] = row
            case Drop():
                self._drop(message)
            case Swap():
                self._swap(message)
            case Forget():
                self._forget(message)
            case LinkState(link):
                self._links[link.name] = message
            case FactSet():
                self._facts[message.key.name] = message
            case Trace():
                self._traces[message.request.number] = message
                if len(self._traces) > TRACED:
                    del self._traces[next(iter(self._traces))]
            case Reset():
                self._tables.clear()
                self._columns.clear()
                self._links, self._facts = {}, {}

    def _drop(self, drop: Drop) -> None:
        table, row = self._tables[drop.kind], drop.row
        current = table.get(row.key)
        if current is not None and current.uid == row.uid:  # and not its successor
            del table[row.key]

    def _forget(self, forgotten: Forget) -> None:
        self._tables.pop(forgotten.kind, None)
        self._columns.pop(forgotten.kind, None)
        for name in list(filter(forgotten.kind.has_link, self._links)):
            del self._links[name]

    def _swap(self, swap: Swap) -> None:
        kept = {
            key: row
            for key, row in self._tables[swap.kind].items()
            if not in_scope(row, swap.scope)
        }
        if swap.columns is not None:
            self._columns[swap.kind] = swap.columns
        self._tables[swap.kind] = kept | {row.key: row for row in swap.rows}
