"""One call on a screen of its own."""

from textual.app import ComposeResult

from eksview.domain.aws_rows import AwsIdentity
from eksview.domain.text import clean
from eksview.domain.trace import Request
from eksview.domain.trace_columns import outcome, took_words
from eksview.domain.updates import Target
from eksview.ui.fetching import Fetch
from eksview.ui.frame import Frame, LiveScreen
from eksview.ui.intents import OpenRequest
from eksview.ui.lines.request import Asking, Server, asked, request_lines
from eksview.ui.slots import Slot, choose, join
from eksview.ui.standing import fact
from eksview.ui.view import View
from eksview.ui.widgets.lines_view import LinesView
from eksview.ui.widgets.table_kind import TONE_OF
from eksview.ui.widgets.text_line import TextLine
from eksview.ui.widgets.trace_table import health_of

PERIOD = 30.0
"""Seconds between two readings of the server's metrics, which are megabytes in a large cluster."""


class RequestScreen(LiveScreen):
    """Its way there and back, and how to ask the same by hand; `c` copies the command."""

    ASKERS = ("call",)

    def __init__(self, view: View, request: Request) -> None:
        super().__init__(view)
        self._request = request
        self._head = TextLine(view, id="subject")
        self._body = LinesView(view, id="request")
        self._body.border_title = "Call"
        self._body.add_class("tab")
        self._fetch = Fetch(view.backend.timings, view.clock, period=PERIOD)

    def compose(self) -> ComposeResult:
        """A line that names it, and all there is to say."""
        yield self._head
        yield self._body

    def on_mount(self) -> None:
        """Keys scroll."""
        self._body.focus()

    def on_resize(self) -> None:
        """Fold anew."""
        self.call_after_refresh(self._fill)

    def frame(self, frame: Frame) -> None:
        """What became of it since."""
        key = self._request.key
        if frame.full or key in frame.changes.requests:
            self._request = self.view.store.requests.get(key, self._request)
            self._fill()
        if self._request.service == "kubernetes" and self._fetch.due(self):
            # Its coroutine is made when it runs: one that is replaced before that is never made.
            self.run_worker(self._timed, exclusive=True)  # type: ignore[arg-type]

    def subject(self) -> OpenRequest:
        """The call itself."""
        return OpenRequest(self._request.key)

    def look(self, tab: str) -> bool:  # noqa: ARG002 - it has no tab but this
        """It is all here."""
        return True

    def copied(self) -> str:
        """The command that asks the same."""
        return asked(self._request, asking(self.view))

    async def _timed(self) -> None:
        await self._fetch.ask(self)
        self._fill()

    def _fill(self) -> None:
        request, health = self._request, health_of(self._request)
        mark = self.view.glyphs.mark(health)
        slots = choose(
            (
                Slot(((f" {mark} ", TONE_OF[health]), (clean(request.verb), "strong"))),
                Slot(((clean(request.target), "text"),), rank=1),
                Slot(((f"{outcome(request)}  {took_words(request.took)}", "dim"),), 2, "right"),
            ),
            self._head.size.width,
        )
        self._head.show(join(slots, "left"), join(slots, "right"))
        room, glyphs = self._body.room, self.view.glyphs
        server = Server(self._fetch.found, self._fetch.problem)
        self._body.show(tuple(request_lines(request, asking(self.view), server, room, glyphs)))


def asking(view: View) -> Asking:
    """Where a command line has to go."""
    target = fact(view.store, "target", Target)
    identity = fact(view.store, "aws-identity", AwsIdentity)
    return Asking(
        context=target.context if target else "",
        region=identity.region if identity else "",
        profile=identity.profile if identity else "",
    )
