"""textual-serve's server with eksview's own page and words, for pages of its own address alone."""

import asyncio
import sys
from collections.abc import Awaitable, Callable

from aiohttp import web
from textual_serve.server import Server


class WebServer(Server):
    """A server that prints its address and nothing else; what it logs goes to the log file."""

    _visits: set["asyncio.Future[web.WebSocketResponse]"]

    def initialize_logging(self) -> None:
        """Leave the logging as it is: textual-serve's prints every request."""

    async def on_startup(self, app: web.Application) -> None:  # noqa: ARG002 - as textual-serve calls it
        sys.stdout.write(f"eksview is at {self.public_url} until Ctrl-C.\n")
        sys.stdout.flush()

    async def on_shutdown(self, app: web.Application) -> None:  # noqa: ARG002
        """End the dashboards; aiohttp waits a minute for browsers that stay connected."""
        for visit in self._visits:
            visit.cancel()

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Run a dashboard until its browser or the server leaves."""
        visit = asyncio.ensure_future(super().handle_websocket(request))
        self._visits.add(visit)
        visit.add_done_callback(self._visits.discard)
        socket: web.WebSocketResponse = await visit
        return socket

    async def _make_app(self) -> web.Application:
        self._visits = set()
        app: web.Application = await super()._make_app()
        app.middlewares.append(own_page(self.public_url))
        app.on_response_prepare.append(_unframed)
        return app


def own_page(url: str) -> Callable[..., Awaitable[web.StreamResponse]]:
    """Return a middleware that refuses what another site's page asks in the user's browser.

    There is no login, and a browser lets every page open a websocket to any address. The Origin
    header names the page. A name that another site points to 127.0.0.1 is refused by the Host
    header (DNS rebinding).
    """
    origins = {url, url.replace("127.0.0.1", "localhost")}

    @web.middleware
    async def guard(
        request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        asked = f"http://{request.host.lower()}"
        if asked not in origins or request.headers.get("Origin", asked).lower() not in origins:
            raise web.HTTPForbidden(text=f"eksview answers at {url} alone.\n")
        return await handler(request)

    return guard


async def _unframed(_request: web.Request, response: web.StreamResponse) -> None:
    """Keep the page out of other sites' frames; a policy in the page itself can't say so."""
    response.headers["Content-Security-Policy"] = "frame-ancestors 'none'"
