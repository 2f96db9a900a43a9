"""`eksview web`: the dashboard in a browser of this machine, by textual-serve."""

import shlex
import socket
import sys
from collections.abc import Sequence

from eksview.domain.base.problem import UserError

HOST = "127.0.0.1"
"""Never another: nobody is asked who he is."""


def web(port: int, flags: Sequence[str]) -> int:
    """Serve until interrupted; every visit runs an eksview of its own.

    `UserError` without textual-serve, and for a port that is taken.
    """
    try:
        from textual_serve.server import Server  # noqa: PLC0415 - an extra
    except ModuleNotFoundError:
        raise UserError("eksview web needs textual-serve: pip install 'eksview[web]'.") from None
    _check(port)
    Server(command(flags), host=HOST, port=port, title="eksview").serve()
    return 0


def command(flags: Sequence[str]) -> str:
    """What a visit runs, for a shell."""
    return shlex.join([sys.executable, "-m", "eksview", *flags])


def _check(port: int) -> None:
    try:
        socket.create_server((HOST, port)).close()
    except OSError as error:
        raise UserError(
            f"Can't listen on {HOST}:{port} ({error.strerror}): choose another --port."
        ) from None
