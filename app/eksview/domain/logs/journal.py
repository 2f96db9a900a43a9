"""A service's journal on a node, read by the node log query of its kubelet.

Source: Kubernetes documentation, "System Logs" (log query), and the kubelet's
`pkg/kubelet/kubelet_server_journal*.go`: it runs `journalctl --utc --output=short-precise`, on
Windows `Get-WinEvent … | Format-Table -AutoSize -Wrap`, and answers what that prints. It can't
follow, and with the query off it ignores the parameters and answers 200 with a listing of /var/log
in HTML.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from eksview.domain.base.age import rfc3339
from eksview.domain.base.text import Clean, clean
from eksview.domain.logs.line import NO_TIME, STAMP
from eksview.domain.logs.splitter import LONGEST, StampedLines

SERVICES = ("kubelet", "containerd")
"""The units of systemd that are offered of every node."""
OFF = (404, 405, 406, 501)
"""The answers of kubelets that have no such endpoint, have it switched off, or refuse a query."""
_EVENT = re.compile(rb"(\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d\d:\d\d [AP]M) +")
"""The time of an event of Windows; EC2's Windows images are in English, and their clocks in UTC."""
_EVENT_HEADS = (b"   ProviderName: ", b"TimeCreated ", b"-----------")
_HEAD = len("Jan 15 08:00:00.123456")
_AHEAD = timedelta(days=1)
"""The difference of clocks up to which a time isn't taken for one of the year before."""


class JournalRequest(Struct, frozen=True):
    """The journal of a service on a node.

    `since` is in seconds before now, `tail` the number of lines to begin with; None for no bound.
    `boot` counts back from the present one, which is 0; None for all. `pattern` is journalctl's.
    """

    node: str
    service: str = SERVICES[0]
    follow: bool = True
    since: int | None = None
    tail: int | None = None
    boot: int | None = None
    pattern: str = ""

    @property
    def path(self) -> str:
        """Return the path of the API server; kubelets redirect the one without a last slash."""
        return f"/api/v1/nodes/{self.node}/proxy/logs/"

    def query(self, now: float, since_time: str = "", most: int | None = None) -> dict[str, str]:
        """Return the parameters of a request at a time.

        With `since_time` it is for what came since then, `most` lines of it.
        """
        query = {"query": self.service}
        if since_time:
            query["sinceTime"] = since_time
        elif self.since is not None:
            query["sinceTime"] = rfc3339(now - self.since)
        tail = most if since_time else self.tail
        if tail is not None:
            query["tailLines"] = str(tail)
        if self.boot is not None:
            query["boot"] = str(self.boot)
        if self.pattern:
            query["pattern"] = self.pattern
        return query


def switched_off(node: str) -> Clean:
    """Return the sentence for a kubelet without the query."""
    return clean(
        f"The kubelet of {node} doesn't answer log queries: they need the feature gate "
        "NodeLogQuery and enableSystemLogQuery in its configuration."
    )


class JournalLines:
    """The lines of one answer, each with its time in the form of `line.LogLine`.

    `message` is what the kubelet wrote instead of lines. `html` says that it was a web page.
    """

    def __init__(self, now: float) -> None:
        self.html = False
        self.message = ""
        self._now = datetime.fromtimestamp(now, UTC)
        self._lines = StampedLines(LONGEST)
        self._last = b""
        self._begun = False

    def feed(self, chunk: bytes) -> list[bytes]:
        """Return the lines that a chunk completes; none of a web page."""
        if not self._begun and (start := chunk.lstrip()):
            self._begun, self.html = True, start.startswith(b"<")
        if self.html:
            return []
        return list(self._stamped(self._lines.feed(chunk)))

    def end(self) -> list[bytes]:
        """Return the last line, if the answer ended without a newline."""
        return [] if self.html else list(self._stamped(list(self._lines.end())))

    def _stamped(self, lines: list[bytes]) -> Iterator[bytes]:
        for line in lines:
            stamp, text = line[:STAMP], line[STAMP + 1 :]
            if stamp != NO_TIME:  # the line of a file, with a time of its own
                yield self._kept(stamp, text)
            elif at := self._time_of(text):
                yield self._kept(at, text[_HEAD + 1 :])
            elif event := _EVENT.match(text):
                yield self._kept(_event_time(event[1]), text[event.end() :])
            elif (
                text.startswith(_EVENT_HEADS)
                or not text.strip()
                or (text.startswith(b"-- ") and text.endswith(b" --"))
            ):
                continue  # journalctl's own: "-- No entries --", "-- Boot … --"
            elif self._last:
                yield self._kept(self._last, text)  # a message of several lines
            elif not self.message:
                self.message = text.decode(errors="replace")

    def _kept(self, stamp: bytes, text: bytes) -> bytes:
        self._last = stamp
        return stamp + b" " + text

    def _time_of(self, text: bytes) -> bytes:
        """Return a line's time, to which the year is added; empty where it has none."""
        head = text[:_HEAD]
        if head[3:4] != b" " or head[15:16] != b".":
            return b""
        try:
            year = str(self._now.year)
            at = datetime.strptime(f"{year} {head.decode('ascii')}Z", "%Y %b %d %H:%M:%S.%f%z")
            if at > self._now + _AHEAD:
                at = at.replace(year=at.year - 1)
        except ValueError:
            return b""
        return at.strftime("%Y-%m-%dT%H:%M:%S.%f").encode() + b"000Z"


def _event_time(text: bytes) -> bytes:
    """Return the time of `1/15/2027 8:00:00 AM`; that of no line where it is none."""
    try:
        at = datetime.strptime(f"{text.decode('ascii')}Z", "%m/%d/%Y %I:%M:%S %p%z")
    except ValueError:
        return NO_TIME
    return at.strftime("%Y-%m-%dT%H:%M:%S").encode() + b".000000000Z"
