"""A program in a real pseudo-terminal, and when it wrote what."""

import fcntl
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Mapping, Sequence
from itertools import accumulate
from pathlib import Path

COLUMNS, ROWS = 160, 48
_TICKS = os.sysconf("SC_CLK_TCK")


class PtyApp:
    """Started at once; a thread notes every piece of output with the time it arrived."""

    def __init__(
        self,
        command: Sequence[str],
        columns: int = COLUMNS,
        rows: int = ROWS,
        env: Mapping[str, str] = {},
    ) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        environment = {**os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **env}
        environment.pop("COLORTERM", None)  # as OpenSSH leaves it
        self.started = time.perf_counter()
        self._process = subprocess.Popen(
            command,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment,
            start_new_session=True,
        )
        os.close(slave)
        self._heard = threading.Condition()
        self._output = bytearray()
        self._pieces: list[tuple[float, bytes]] = []  # with the time it arrived
        threading.Thread(target=self._listen, daemon=True).start()

    def __enter__(self) -> "PtyApp":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the program."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        os.close(self._master)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def written(self) -> int:
        """Bytes to the terminal so far."""
        return len(self._output)

    def pieces(self, since: int, seconds: float = 0) -> list[tuple[float, bytes]]:
        """The pieces from a number on, each with its time; waits for one while there is time."""
        with self._heard:
            self._heard.wait_for(lambda: len(self._pieces) > since, seconds)
            return self._pieces[since:]

    def press(self, keys: bytes) -> int:
        """Type; returns where the output stood, for `saw`."""
        place = self.written
        os.write(self._master, keys)
        return place

    def saw(self, text: bytes, since: int = 0, seconds: float = 30) -> float:
        """Wait for text in what was written from `since` on; returns when it had arrived."""
        with self._heard:
            if not self._heard.wait_for(lambda: self._output.find(text, since) >= 0, seconds):
                tail = bytes(self._output[-2000:]).decode(errors="replace")
                raise AssertionError(f"no {text!r} within {seconds} s; the end was: {tail!r}")
            end = self._output.find(text, since) + len(text)
            lengths = accumulate(len(piece) for _, piece in self._pieces)
            pieces = zip(self._pieces, lengths, strict=True)
            return next(when for (when, _), length in pieces if length >= end)

    def cpu(self) -> float:
        """Seconds of CPU so far, user and system."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def peak(self) -> float:
        """The largest resident size so far, in MiB."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024

    def _listen(self) -> None:
        while True:
            try:
                piece = os.read(self._master, 65536)
            except OSError:
                return
            if not piece:
                return
            when = time.perf_counter()
            with self._heard:
                self._output += piece
                self._pieces.append((when, piece))
                self._heard.notify_all()


def python(*words: str) -> list[str]:
    """A command of this Python."""
    return [sys.executable, *words]
