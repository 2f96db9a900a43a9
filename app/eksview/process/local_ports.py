"""The ports of this machine, at 127.0.0.1."""

import os
import socket
from contextlib import closing

HOST = "127.0.0.1"


def why_taken(port: int) -> str:
    """Return why nothing more can listen on a port, as the system words it; empty if it can."""
    try:
        socket.create_server((HOST, port)).close()
    except OSError as error:
        return os.strerror(error.errno) if error.errno else type(error).__name__
    return ""


def free_port(wished: int) -> int:
    """Return the port if it is free, else another one that is."""
    if not why_taken(wished):
        return wished
    with closing(socket.create_server((HOST, 0))) as server:
        port: int = server.getsockname()[1]
    return port
