"""Messages from the links to the store, and their sinks."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias

from msgspec import Struct

from eksview.domain.kube.server_table import ObjectRow, ObjectTableKey, TableColumns
from eksview.domain.live.api_call import ApiCall
from eksview.domain.live.facts import AnyFactSet
from eksview.domain.rows.kube import Kind, Row
from eksview.domain.rows.link import Link

TableKey: TypeAlias = Kind | ObjectTableKey
"""The name of a table: of a kind that eksview knows, or of any resource as the server prints it."""
AnyRow: TypeAlias = Row | ObjectRow


class AboutRows(Struct, frozen=True, gc=False):
    """A message about rows of one kind."""

    kind: TableKey


class Put(AboutRows, frozen=True, gc=False):
    """An object that is new or changed."""

    row: AnyRow


class Drop(AboutRows, frozen=True, gc=False):
    """An object that was deleted; a row of the same key with another uid stays."""

    row: AnyRow


class Swap(AboutRows, frozen=True, gc=False):
    """A whole table as just listed, which replaces the old one in one step.

    A scope limits that to the rows of a namespace or an ECS cluster, or to the pods of a node. A
    table of the server has its `columns`, also where it has no rows.
    """

    rows: Sequence[AnyRow]
    scope: str = ""
    columns: TableColumns | None = None


class Forget(Struct, frozen=True):
    """The end of a table of the server, with its link: nothing shows it any more."""

    kind: ObjectTableKey


class LinkState(Struct, frozen=True):
    """A link's new state."""

    link: Link


class Trace(Struct, frozen=True):
    """A call, or its outcome with the same number."""

    request: ApiCall


class Reset(Struct, frozen=True):
    """The end of a cluster's data, before another cluster's. The calls are kept."""


Message: TypeAlias = Put | Drop | Swap | Forget | LinkState | AnyFactSet | Trace | Reset
Topic: TypeAlias = (
    TableKey | type[Forget] | type[LinkState] | type[AnyFactSet] | type[Trace] | type[Reset]
)
Receive: TypeAlias = Callable[[Message], None]


class Sink(Protocol):
    """A receiver of messages."""

    def send(self, message: Message, /) -> None:
        """Accept a message and return at once; a later value replaces an earlier one."""


class Fanout:
    """A `Sink` that forwards messages to its subscribers, those of every topic first.

    The topic of a message about rows is their kind, so a subscriber of nodes costs pods nothing.
    """

    def __init__(self, *sinks: Sink) -> None:
        self._every: tuple[Receive, ...] = tuple(sink.send for sink in sinks)
        self._topics: dict[Topic, tuple[Receive, ...]] = {}

    def send(self, message: Message, /) -> None:
        for receive in self._every:
            receive(message)
        if self._topics:
            for receive in self._topics.get(topic_of(message), ()):
                receive(message)

    def subscribe(self, receive: Receive, *topics: Topic) -> None:
        """Forward messages of these topics from now on; without topics, all messages."""
        if not topics:
            self._every += (receive,)
        for topic in topics:
            self._topics[topic] = (*self._topics.get(topic, ()), receive)

    def unsubscribe(self, receive: Receive) -> None:
        """End a subscription; a receiver without one is ignored."""
        self._every = _without(receive, self._every)
        self._topics = {
            topic: rest for topic, all_ in self._topics.items() if (rest := _without(receive, all_))
        }


def topic_of(message: Message) -> Topic:
    """Return the kind of a message's rows, else the message's type."""
    if isinstance(message, AboutRows):
        return message.kind
    return type(message)


def _without(receive: Receive, receivers: tuple[Receive, ...]) -> tuple[Receive, ...]:
    return tuple(receiver for receiver in receivers if receiver != receive)
