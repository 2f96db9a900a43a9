"""The screen of the sessions on the nodes and of the viewers of a served dashboard."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.binding import BindingType

from eksview.domain.aws.parts import PAST_SESSIONS
from eksview.domain.aws.poll_plan import SSM
from eksview.domain.aws.ssm_sessions import opened
from eksview.domain.base.plural import plural
from eksview.domain.base.reading import last_of, value_of, why_unread
from eksview.domain.live.viewers import Viewers
from eksview.domain.rows.aws import SessionRow
from eksview.domain.rows.link import Phase
from eksview.store.node_instance_join import node_of_target
from eksview.store.selectors.readings import part_reading, table_reading
from eksview.ui.base.lines.tab_line import Tab
from eksview.ui.base.tabbed_screen import PagesScreen, tab_bindings
from eksview.ui.base.view import View
from eksview.ui.sessions.text import SessionsFacts, session_lines, viewer_lines
from eksview.ui.text.priority_line import Slot
from eksview.ui.text.words import Words

NODES = Tab("nodes", "o", "Session Manager")
VIEWERS = Tab("view", "v", "Viewers")


class SessionsScreen(PagesScreen):
    """Session Manager sessions on the nodes, and the viewers of `eksview serve`."""

    TITLE = "Sessions"
    BINDING_GROUP_TITLE = "Sessions"
    TABS = (NODES, VIEWERS)
    BINDINGS: ClassVar[list[BindingType]] = tab_bindings(
        "sessions",
        (NODES, "Sessions on the nodes"),
        (VIEWERS, "Viewers of this dashboard"),
    )

    def __init__(self, view: View) -> None:
        link = view.store.links.get(SSM)
        read = link is not None and link.heard is not None
        shared = value_of(view.store.facts.viewers) is not None
        super().__init__(view, VIEWERS.id if shared and not read else NODES.id)

    @property
    def _viewers(self) -> Viewers | None:
        return value_of(self.view.store.facts.viewers)

    def head(self) -> Sequence[Slot]:
        return self._session_count() if self.tab == NODES.id else self._viewer_count()

    def lines(self, tab: str, width: int) -> Iterator[Words]:
        if tab == NODES.id:
            return session_lines(self._facts, self.now, width, self.view.glyphs)
        return viewer_lines(self._viewers, self.now, width, self.view.glyphs)

    def _session_count(self) -> Sequence[Slot]:
        rows = self._facts.rows
        if rows is None:
            return (Slot(((" Sessions unknown", "strong"),)),)
        active = opened(rows)
        nodes = plural(len({row.target for row in active}), "node") if active else "the nodes"
        return (
            Slot(((f" {plural(len(active), 'session')} open", "strong"),)),
            Slot(((f"on {nodes}", "dim"),), rank=1),
        )

    def _viewer_count(self) -> Sequence[Slot]:
        viewers = self._viewers
        if viewers is None:
            return (Slot(((" Not served", "strong"),)),)
        return (
            Slot(((f" {plural(len(viewers.open), 'viewer')}", "strong"),)),
            Slot(((f"of at most {viewers.most}", "dim"),), rank=1),
        )

    @property
    def _facts(self) -> SessionsFacts:
        store = self.view.store
        link = store.links.get(SSM)
        reading = table_reading(store, SessionRow)
        # Sessions that were read before a refusal may have ended since.
        live = link is not None and link.phase is Phase.LIVE
        rows = last_of(reading) if live else value_of(reading)
        return SessionsFacts(
            rows=None if rows is None else list(rows.values()),
            link=link,
            call=value_of(store.facts.call(SSM)),
            unusable=why_unread(store.facts.aws_identity),
            reading=reading,
            history=part_reading(store, PAST_SESSIONS),
            past=value_of(store.facts.past_sessions),
            node=self._node,
        )

    def _node(self, target: str) -> str:
        node = node_of_target(self.view.store.mapping, target)
        return self.view.store.names.short(node) if node else ""
