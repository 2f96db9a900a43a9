"""The moments of one request of aiohttp: its name's look-up, connection and TLS handshake."""

import ssl
from time import monotonic
from types import SimpleNamespace
from typing import Any

import aiohttp

from eksview.domain.base.clock import Clock


class RequestMarks:
    """The moments of a request, in seconds since it began."""

    def __init__(self, elapsed: Clock = monotonic) -> None:
        self._elapsed = elapsed
        self._began = elapsed()
        self.at: dict[str, float] = {}
        self.tls = ""

    def mark(self, name: str) -> None:
        self.at[name] = self._elapsed() - self._began

    def handshake(self) -> type[ssl.SSLObject]:
        """Return the class of TLS sessions that mark when their handshake begins and ends.

        Through an HTTPS proxy there are two, of which the last, the server's, counts.
        """
        marks = self

        class MarkedSession(ssl.SSLObject):
            """A session whose handshake is marked."""

            begun = False

            def do_handshake(self) -> None:
                if not self.begun:
                    self.begun = True
                    marks.at.pop("shaken", None)
                    marks.mark("shaking")
                super().do_handshake()  # raises SSLWantReadError until it is done
                marks.mark("shaken")
                marks.tls = self.version() or ""

        return MarkedSession

    def trace(self) -> aiohttp.TraceConfig:
        """Return what marks the phases of aiohttp."""
        trace = aiohttp.TraceConfig()
        for signal, name in (
            (trace.on_dns_resolvehost_start, "resolving"),
            (trace.on_dns_resolvehost_end, "resolved"),
            (trace.on_connection_create_start, "connecting"),
            (trace.on_connection_create_end, "connected"),
        ):
            signal.append(self._marking(name))
        return trace

    def _marking(self, name: str) -> Any:
        async def mark(_session: Any, _context: SimpleNamespace, _parameters: Any) -> None:
            self.mark(name)

        return mark
