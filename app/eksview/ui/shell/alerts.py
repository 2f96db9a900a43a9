"""What is said in a corner of whatever screen is shown: that somebody opened a session."""

from collections.abc import Callable

from eksview.domain.aws.poll_plan import SSM
from eksview.domain.aws.ssm_sessions import Openings, alert
from eksview.domain.base.text import clean, short_name
from eksview.domain.rows.aws import SessionRow
from eksview.domain.rows.kube import Kind
from eksview.store.changes import Changes
from eksview.ui.base.view import View


class Alerts:
    """Hears of every change, whichever screen is shown; `tell` is given a clean sentence."""

    def __init__(self, view: View, tell: Callable[[str], None]) -> None:
        self._view = view
        self._tell = tell
        self._openings = Openings()

    def hear(self, changes: Changes) -> None:
        """One sentence for all that opened since the last time."""
        if changes.reset:
            self._openings.forget()
        store = self._view.store
        link, table = store.links.get(SSM), store.table(Kind.SESSION)
        rows: list[SessionRow] = []
        for key in changes.tables.get(Kind.SESSION, ()):
            row = table.get(key)
            if isinstance(row, SessionRow):
                rows.append(row)
            else:
                self._openings.lost(key)
        read = link is not None and link.heard is not None
        if news := self._openings.news(rows, self._view.clock(), read=read):
            self._tell(alert(news, self._place))

    def _place(self, row: SessionRow) -> str:
        machine = self._view.store.mapping.of_instance(row.target)
        return short_name(machine.node) if machine and machine.node else clean(row.target)
