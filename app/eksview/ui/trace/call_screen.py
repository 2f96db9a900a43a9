"""One call on a screen of its own."""

from collections.abc import Iterable, Sequence

from eksview.domain.base.reading import last_of, value_of
from eksview.domain.base.text import clean
from eksview.domain.live.api_call import ApiCall
from eksview.domain.tables.trace_columns import outcome, took_words
from eksview.ui.base.lazy_fetch import Fetch
from eksview.ui.base.live_screen import Frame
from eksview.ui.base.messages import OpenCall
from eksview.ui.base.tab_line import Tab
from eksview.ui.base.tabbed_screen import TabbedScreen
from eksview.ui.base.view import View
from eksview.ui.text.priority_line import Slot
from eksview.ui.text.words import TONE_OF, Words
from eksview.ui.trace.call_text import Asking, Server, asked, request_lines
from eksview.ui.trace.trace_table import health_of

PERIOD = 30.0
"""Seconds between two readings of the server's metrics, which are megabytes in a large cluster."""


class CallScreen(TabbedScreen):
    """Its way there and back, and how to ask the same by hand; `c` copies the command."""

    ASKERS = ("call",)
    TABS = (Tab("request", "", "Call"),)

    def __init__(self, view: View, request: ApiCall) -> None:
        super().__init__(view)
        self._request = request
        self._fetch = Fetch(view.backend.timings, view.clock, period=PERIOD)

    def frame(self, frame: Frame) -> None:
        """What became of it since."""
        super().frame(frame)
        key = self._request.key
        if frame.full or key in frame.changes.requests:
            self._request = self.view.store.requests.get(key, self._request)
            self.fill()
        if self._request.service == "kubernetes" and self._fetch.due(self):
            self.request(lambda: self._fetch.ask(self), "timings")

    def subject(self) -> OpenCall:
        """The call itself."""
        return OpenCall(self._request.key)

    def look(self, tab: str) -> bool:  # noqa: ARG002 - it has no tab but this
        """It is all here."""
        return True

    def copied(self) -> str:
        """The command that asks the same."""
        return asked(self._request, asking(self.view))

    def head(self) -> Sequence[Slot]:
        """What was asked, and what came of it."""
        request, health = self._request, health_of(self._request)
        mark = self.view.glyphs.mark(health)
        return (
            Slot(((f" {mark} ", TONE_OF[health]), (clean(request.verb), "strong"))),
            Slot(((clean(request.target), "text"),), rank=1),
            Slot(((f"{outcome(request)}  {took_words(request.took)}", "dim"),), 2, "right"),
        )

    def lines(self, tab: str, width: int) -> Iterable[Words]:  # noqa: ARG002 - there is one
        """All there is to say."""
        server = Server(self._fetch.found, self._fetch.problem)
        where = asking(self.view)
        return request_lines(self._request, where, server, width, self.view.glyphs)


def asking(view: View) -> Asking:
    """Where a command line has to go."""
    target = value_of(view.store.facts.target)
    identity = last_of(view.store.facts.aws_identity)
    return Asking(
        context=target.context if target else "",
        region=identity.region if identity else "",
        profile=identity.profile if identity else "",
    )
