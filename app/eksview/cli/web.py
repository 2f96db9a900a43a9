"""`eksview web`: the dashboard for browsers on this machine, served by textual-serve."""

import shlex
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from eksview.domain.base.errors import UserError
from eksview.engine.logfile import log_path, start_log

HOST = "127.0.0.1"  # only this: there is no login
PAGE = Path(__file__).parent / "page"
"""The folder of the page: that of textual-serve fetches fonts from another host."""


def web(port: int, flags: Sequence[str]) -> int:
    """Serve until interrupted; every browser tab runs an eksview of its own.

    Raises `UserError` if textual-serve is missing or the port is in use.
    """
    try:
        from eksview.cli.web_server import WebServer  # noqa: PLC0415 - textual-serve is an extra
    except ModuleNotFoundError:
        raise UserError("eksview web needs textual-serve: pip install 'eksview[web]'.") from None
    _check_port(port)
    start_log(log_path())
    WebServer(
        shell_command(flags), host=HOST, port=port, title="eksview", templates_path=PAGE
    ).serve()
    return 0


def shell_command(flags: Sequence[str]) -> str:
    """Return the command of one browser tab, quoted for a shell."""
    return shlex.join([sys.executable, "-m", "eksview", *flags])


def _check_port(port: int) -> None:
    try:
        socket.create_server((HOST, port)).close()
    except OSError as error:
        raise UserError(
            f"Can't listen on {HOST}:{port} ({error.strerror}): choose another --port."
        ) from None
