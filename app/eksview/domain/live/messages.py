"""Messages from the links to the store, and the one way they take."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias

from msgspec import Struct

from eksview.domain.live.api_call import ApiCall
from eksview.domain.live.facts import AnyFactSet
from eksview.domain.rows.kube import Kind, Row
from eksview.domain.rows.link import Link


class AboutRows(Struct, frozen=True, gc=False):
    """A message about rows of one kind."""

    kind: Kind


class Put(AboutRows, frozen=True, gc=False):
    """An object that is new or changed."""

    row: Row


class Drop(AboutRows, frozen=True, gc=False):
    """An object that was deleted; a row of the same key with another uid stays."""

    row: Row


class Swap(AboutRows, frozen=True, gc=False):
    """A whole table as a list has just read it, to be replaced in one step.

    With a scope, only the rows of that namespace are replaced; of pods, those of that node.
    """

    rows: Sequence[Row]
    scope: str = ""


class LinkState(Struct, frozen=True):
    """A link's new state."""

    link: Link


class Trace(Struct, frozen=True):
    """A call, or its outcome; the latest per number counts."""

    request: ApiCall


class Reset(Struct, frozen=True):
    """The end of everything known: another cluster follows. The calls stay on record."""


Message: TypeAlias = Put | Drop | Swap | LinkState | AnyFactSet | Trace | Reset
Topic: TypeAlias = Kind | type[LinkState] | type[AnyFactSet] | type[Trace] | type[Reset]
Receive: TypeAlias = Callable[[Message], None]


class Sink(Protocol):
    """Where links write."""

    def send(self, message: Message, /) -> None:
        """Take a message and return at once; a later value replaces an earlier one."""


class Fanout:
    """A `Sink` that passes each message on to its subscribers: those of every topic come first.

    The topic of a message about rows is their kind, so that who watches nodes costs pods nothing.
    """

    def __init__(self, *sinks: Sink) -> None:
        self._every: tuple[Receive, ...] = tuple(sink.send for sink in sinks)
        self._topics: dict[Topic, tuple[Receive, ...]] = {}

    def send(self, message: Message, /) -> None:
        """Pass a message on."""
        for receive in self._every:
            receive(message)
        if self._topics:
            for receive in self._topics.get(topic_of(message), ()):
                receive(message)

    def subscribe(self, receive: Receive, *topics: Topic) -> None:
        """Pass on, from now, the messages of these topics; without any, of all."""
        if not topics:
            self._every += (receive,)
        for topic in topics:
            self._topics[topic] = (*self._topics.get(topic, ()), receive)

    def unsubscribe(self, receive: Receive) -> None:
        """Pass nothing more on to a subscriber; one that isn't subscribed is ignored."""
        self._every = _without(receive, self._every)
        self._topics = {
            topic: rest for topic, of in self._topics.items() if (rest := _without(receive, of))
        }


def topic_of(message: Message) -> Topic:
    """Return the kind of the rows a message is about, else its type."""
    if isinstance(message, AboutRows):
        return message.kind
    return type(message)


def _without(receive: Receive, receivers: tuple[Receive, ...]) -> tuple[Receive, ...]:
    return tuple(receiver for receiver in receivers if receiver != receive)
