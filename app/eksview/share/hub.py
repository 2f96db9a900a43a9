"""One set of watches for many screens: what is known now, and everything new to everybody."""

from collections import deque
from collections.abc import Sequence
from threading import Lock

from eksview.domain.rows import Kind, Row, scope_of
from eksview.domain.trace import Request
from eksview.domain.updates import Fact, Link, Sink

TRACED = 500
"""Calls that a newcomer is told of; older ones are forgotten."""


class Hub:
    """A `Sink` for the data thread. Who joins hears the whole state first, then all that comes.

    Rows are shared, so a screen more costs its tables and no copy of what they hold.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._sinks: list[Sink] = []
        self._tables: dict[Kind, dict[str, Row]] = {kind: {} for kind in Kind}
        self._links: dict[str, Link] = {}
        self._facts: dict[str, Fact] = {}
        self._requests: deque[Request] = deque(maxlen=TRACED)

    def join(self, sink: Sink) -> None:
        """Tell it what is known, and from now on everything."""
        with self._lock:
            for kind, table in self._tables.items():
                if table:
                    sink.swap(kind, tuple(table.values()))
            for link in self._links.values():
                sink.link(link)
            for name, fact in self._facts.items():
                sink.fact(name, fact)
            for request in self._requests:
                sink.trace(request)
            self._sinks.append(sink)

    def leave(self, sink: Sink) -> None:
        """Tell it nothing any more."""
        with self._lock:
            if sink in self._sinks:
                self._sinks.remove(sink)

    def put(self, kind: Kind, row: Row) -> None:
        with self._lock:
            self._tables[kind][row.key] = row
            for sink in self._sinks:
                sink.put(kind, row)

    def drop(self, kind: Kind, row: Row) -> None:
        with self._lock:
            known = self._tables[kind].get(row.key)
            if known is not None and known.uid == row.uid:  # else its successor is there already
                del self._tables[kind][row.key]
            for sink in self._sinks:
                sink.drop(kind, row)

    def swap(self, kind: Kind, rows: Sequence[Row], scope: str = "") -> None:
        with self._lock:
            kept = {
                key: row
                for key, row in self._tables[kind].items()
                if scope and scope_of(row) != scope
            }
            self._tables[kind] = kept | {row.key: row for row in rows}
            for sink in self._sinks:
                sink.swap(kind, rows, scope)

    def link(self, link: Link) -> None:
        with self._lock:
            self._links[link.name] = link
            for sink in self._sinks:
                sink.link(link)

    def fact(self, name: str, fact: Fact) -> None:
        with self._lock:
            self._facts[name] = fact
            for sink in self._sinks:
                sink.fact(name, fact)

    def trace(self, request: Request) -> None:
        with self._lock:
            self._requests.append(request)
            for sink in self._sinks:
                sink.trace(request)

    def reset(self) -> None:
        with self._lock:
            self._tables = {kind: {} for kind in Kind}
            self._links, self._facts = {}, {}
            for sink in self._sinks:
                sink.reset()
