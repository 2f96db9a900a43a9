"""Who is on the nodes, and who looks at a shared view."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.binding import BindingType

from eksview.domain.aws.poll_plan import SSM
from eksview.domain.aws.ssm_sessions import opened
from eksview.domain.base.reading import value_of, why_unread
from eksview.domain.base.text import short_name
from eksview.domain.live.viewers import Viewers
from eksview.domain.rows.aws import SessionRow
from eksview.domain.rows.kube import Kind
from eksview.store.selectors.facts import table_reading
from eksview.ui.base.pages_screen import PagesScreen
from eksview.ui.base.tab_line import Tab
from eksview.ui.base.tabbed_screen import tab_bindings
from eksview.ui.base.view import View
from eksview.ui.sessions.text import SessionsFacts, session_lines
from eksview.ui.sessions.viewers import viewer_lines
from eksview.ui.text.priority_line import Slot
from eksview.ui.text.words import Words

NODES = Tab("nodes", "o", "On the nodes: Session Manager", "On the nodes")
LOOKING = Tab("view", "v", "Looking at this view")


class SessionsScreen(PagesScreen):
    """Session Manager's sessions on the nodes, and the sessions of `eksview serve`."""

    TITLE = "Sessions"
    BINDING_GROUP_TITLE = "Sessions"
    TABS = (NODES, LOOKING)
    BINDINGS: ClassVar[list[BindingType]] = tab_bindings(
        "sessions",
        (NODES, "Who is connected to the nodes"),
        (LOOKING, "Who looks at this view"),
    )

    def __init__(self, view: View) -> None:
        link = view.store.links.get(SSM)
        read = link is not None and link.heard is not None
        shared = value_of(view.store.facts.viewers) is not None
        super().__init__(view, LOOKING.id if shared and not read else NODES.id)

    @property
    def _viewers(self) -> Viewers | None:
        return value_of(self.view.store.facts.viewers)

    def head(self) -> Sequence[Slot]:
        """How many there are."""
        return self._on_nodes() if self.tab == NODES.id else self._looking()

    def lines(self, tab: str, width: int) -> Iterator[Words]:
        """A line for each."""
        if tab == NODES.id:
            return session_lines(self._visits, self.now, width, self.view.glyphs)
        return viewer_lines(self._viewers, self.now, width, self.view.glyphs)

    def _on_nodes(self) -> Sequence[Slot]:
        rows = self._visits.rows
        if rows is None:
            return (Slot(((" Sessions on the nodes not read", "strong"),)),)
        there = opened(rows)
        machines = len({row.target for row in there})
        said = f"on {_counted(machines, 'node')}" if there else "on the nodes"
        return (
            Slot(((f" {_counted(len(there), 'session')} open", "strong"),)),
            Slot(((said, "dim"),), rank=1),
        )

    def _looking(self) -> Sequence[Slot]:
        found = self._viewers
        if found is None:
            return (Slot(((" Not shared", "strong"),)),)
        return (
            Slot(((f" {_counted(len(found.open), 'session')}", "strong"),)),
            Slot(((f"of at most {found.most}", "dim"),), rank=1),
        )

    @property
    def _visits(self) -> SessionsFacts:
        store = self.view.store
        link = store.links.get(SSM)
        rows = value_of(table_reading(store, Kind.SESSION, SessionRow))
        return SessionsFacts(
            rows=None if rows is None else list(rows.values()),
            link=link,
            call=value_of(store.facts.call(SSM)),
            unusable=why_unread(store.facts.aws_identity),
            past=value_of(store.facts.past_sessions),
            node=self._node,
        )

    def _node(self, instance: str) -> str:
        row = self.view.store.mapping.of_instance(instance)
        return short_name(row.node) if row and row.node else ""


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"
