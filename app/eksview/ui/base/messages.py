"""What a person wants, as messages that the app answers."""

from typing import TypeAlias

from textual.message import Message

from eksview.domain.base.text import clean
from eksview.store.store import Store


class Open(Message):
    """A wish to show something; the app passes every kind of it to `Navigation.open`."""


class OpenNode(Open):
    """Show one node; `tab` names the part to begin with, empty for the first."""

    def __init__(self, name: str, tab: str = "") -> None:
        super().__init__()
        self.name = name
        self.tab = tab

    def text(self, _: Store) -> str:
        """The name to copy."""
        return clean(self.name)

    def at(self, tab: str) -> "OpenNode":
        """The same, beginning elsewhere."""
        return OpenNode(self.name, tab)


class OpenPod(Open):
    """Show one pod; `tab` names the part to begin with, empty for the first."""

    def __init__(self, uid: str, tab: str = "") -> None:
        super().__init__()
        self.uid = uid
        self.tab = tab

    def text(self, store: Store) -> str:
        """The name to copy."""
        pod = store.pods.get(self.uid)
        return clean(pod.name) if pod else ""

    def at(self, tab: str) -> "OpenPod":
        """The same, beginning elsewhere."""
        return OpenPod(self.uid, tab)


class OpenComponent(Open):
    """Show one control-plane component, by its name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


class OpenCall(Open):
    """Show one call, by its number."""

    def __init__(self, number: str, tab: str = "") -> None:
        super().__init__()
        self.number = number
        self.tab = tab

    def text(self, store: Store) -> str:
        """What was asked, to copy."""
        request = store.requests.get(self.number)
        return clean(request.target) if request else ""

    def at(self, tab: str) -> "OpenCall":
        """The same: a call has no parts."""
        return OpenCall(self.number, tab)


class OpenInstance(Open):
    """Show one EC2 instance by its id; `tab` names the part to begin with, empty for the first."""

    def __init__(self, instance: str, tab: str = "") -> None:
        super().__init__()
        self.instance = instance
        self.tab = tab

    def text(self, _: Store) -> str:
        """The id to copy."""
        return clean(self.instance)

    def at(self, tab: str) -> "OpenInstance":
        """The same, beginning elsewhere."""
        return OpenInstance(self.instance, tab)


class OpenMapped(Open):
    """Show a row of the mapping, by its key: the node, or the instance that has none."""

    def __init__(self, key: str, tab: str = "") -> None:
        super().__init__()
        self.key = key
        self.tab = tab

    def text(self, store: Store) -> str:
        """The instance's id to copy, else the node's name."""
        row = store.mapping.rows.get(self.key)
        return clean(row.instance or row.node) if row else ""

    def at(self, tab: str) -> "OpenMapped":
        """The same, beginning elsewhere."""
        return OpenMapped(self.key, tab)


class OpenGroup(Open):
    """Show the nodes and instances of a group, by its key: `managed/ng-spot`.

    With the tab `details`, the group itself.
    """

    def __init__(self, key: str, tab: str = "") -> None:
        super().__init__()
        self.key = key
        self.tab = tab

    @property
    def name(self) -> str:
        return self.key.partition("/")[2]

    def text(self, _: Store) -> str:
        """The name to copy."""
        return clean(self.name)

    def at(self, tab: str) -> "OpenGroup":
        """The same, beginning elsewhere."""
        return OpenGroup(self.key, tab)


Subject: TypeAlias = OpenNode | OpenPod | OpenInstance | OpenCall | OpenMapped | OpenGroup
"""What a cursor can be on: it can be opened, and its name copied."""


class Resumed(Message):
    """A screen has become visible and wants a frame of its own."""
