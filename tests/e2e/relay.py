"""A line between an SSH client and its server that can be slow, stop for a while, and be cut."""

import socket
import threading
import time

_PIECE = 4096  # bytes taken at once
_BUFFER = 16384  # bytes the kernel may hold for us: what is stopped shall be felt at the other end


class Relay:
    """Listens on 127.0.0.1 and passes on what comes; ends with the `with` block."""

    def __init__(self, server: int) -> None:
        self._server = server
        self._flows = threading.Event()
        self._flows.set()
        self._rate = 0.0
        self._open: list[socket.socket] = []
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._door.getsockname()[1])
        self.carried = 0
        """Bytes from the server to the client so far, as they are on the wire."""
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> "Relay":
        return self

    def __exit__(self, *_: object) -> None:
        self._door.close()
        self.cut()

    def slow(self, rate: float) -> None:
        """From now on so many bytes a second come from the server; 0: as fast as they can."""
        self._rate = rate

    def stall(self) -> None:
        """Nothing more is read from the server; what the client sends still goes through."""
        self._flows.clear()

    def flow(self) -> None:
        """Read again."""
        self._flows.set()

    def cut(self) -> None:
        """Both ends are gone, as when a laptop's lid closes and somebody's router notices."""
        for each in self._open:
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
        self._flows.set()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            far = socket.socket()
            far.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
            far.connect(("127.0.0.1", self._server))
            self._open += near, far
            threading.Thread(target=self._up, args=(near, far), daemon=True).start()
            threading.Thread(target=self._down, args=(far, near), daemon=True).start()

    def _up(self, near: socket.socket, far: socket.socket) -> None:
        while piece := _take(near):
            _give(far, piece)
        _close(far)

    def _down(self, far: socket.socket, near: socket.socket) -> None:
        while True:
            self._flows.wait()
            if not (piece := _take(far)):
                return _close(near)
            if self._rate:
                time.sleep(len(piece) / self._rate)
            _give(near, piece)
            self.carried += len(piece)


def _take(end: socket.socket) -> bytes:
    try:
        return end.recv(_PIECE)
    except OSError:
        return b""


def _give(end: socket.socket, piece: bytes) -> None:
    try:
        end.sendall(piece)
    except OSError:
        return


def _close(end: socket.socket) -> None:
    try:
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
