"""textual-serve's server with eksview's own page and words."""

import sys

from aiohttp.web import Application
from textual_serve.server import Server


class WebServer(Server):
    """A server that prints its address and nothing else; what it logs goes to the log file."""

    def initialize_logging(self) -> None:
        """Leave the logging as it is: textual-serve's prints every request."""

    async def on_startup(self, app: Application) -> None:  # noqa: ARG002 - as textual-serve calls it
        sys.stdout.write(f"eksview is at {self.public_url} until Ctrl-C.\n")
        sys.stdout.flush()
