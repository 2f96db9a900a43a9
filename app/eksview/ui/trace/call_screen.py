"""The screen of one API call."""

from collections.abc import Iterable, Sequence

from eksview.domain.base.text import clean
from eksview.domain.live.api_call import ApiCall, command
from eksview.domain.tables.trace_columns import outcome, took_words
from eksview.ui.base.command_context import command_context
from eksview.ui.base.lazy_fetch import Fetch
from eksview.ui.base.lines.tab_line import Tab
from eksview.ui.base.live_screen import Frame
from eksview.ui.base.messages import OpenCall
from eksview.ui.base.tabbed_screen import TabbedScreen
from eksview.ui.base.view import View
from eksview.ui.text.priority_line import Slot
from eksview.ui.text.words import TONE_OF, Words
from eksview.ui.trace.call_text import ServerMetrics, request_lines
from eksview.ui.trace.trace_table import health_of

PERIOD = 30.0  # seconds between two readings of /metrics, which is megabytes in a large cluster


class CallScreen(TabbedScreen):
    """A call's durations, response and equivalent command, which `c` copies."""

    TITLE = "Call"
    LINKS = ("call",)
    TABS = (Tab("request", "", "Call"),)

    def __init__(self, view: View, request: ApiCall) -> None:
        super().__init__(view)
        self._request = request
        self._fetch = Fetch(view.backend.timings, view.clock, period=PERIOD)

    def frame(self, frame: Frame) -> None:
        super().frame(frame)
        key = self._request.key
        if frame.full or key in frame.changes.requests:
            self._request = self.view.store.requests.get(key, self._request)
            self.fill()
        if self._request.service == "kubernetes" and self._fetch.due(self):
            self.request(lambda: self._fetch.ask(self), "timings")

    def subject(self) -> OpenCall:
        return OpenCall(self._request.key)

    def copied(self) -> str:
        return command(self._request, command_context(self.view))

    def head(self) -> Sequence[Slot]:
        request, health = self._request, health_of(self._request)
        mark = self.view.glyphs.mark(health)
        return (
            Slot(((f" {mark} ", TONE_OF[health]), (clean(request.verb), "strong"))),
            Slot(((request.target, "text"),), rank=1),
            Slot(((f"{outcome(request)}  {took_words(request.took)}", "dim"),), 2, "right"),
        )

    def lines(self, tab: str, width: int) -> Iterable[Words]:  # noqa: ARG002 - it has one tab
        server = ServerMetrics(self._fetch.result, self._fetch.problem)
        context = command_context(self.view)
        return request_lines(self._request, context, server, width, self.view.glyphs)
