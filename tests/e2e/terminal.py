"""A real terminal to drive: tmux on a socket of its own, with a shell in it."""

import itertools
import os
import re
import shlex
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.patience import PATIENCE, eventually

NO_TMUX = "tmux is missing; on Debian: apt-get install tmux"
HAS_TMUX = shutil.which("tmux") is not None

PROMPT = "ready>"
_NUMBERS = itertools.count(1)
_GLANCE = 0.05  # seconds between two looks at the screen
_ESCAPE = ("1b", "5b", "32", "37", "75")
"""Escape as the kitty protocol writes it. After the bare byte (`C-[`) only a silence, which a busy
machine doesn't keep, tells it from Alt."""


class Terminal:
    """A shell in a tmux pane. Every wait has a deadline and shows the screen when it fails."""

    def __init__(self, columns: int = 140, rows: int = 40, env: Mapping[str, str] = {}) -> None:
        self._socket = f"eksview-test-{os.getpid()}-{next(_NUMBERS)}"
        shell = ["env", *(f"{name}={value}" for name, value in _environment(env).items())]
        shell += ["bash", "--norc", "--noprofile"]
        self._tmux(
            "-u", "-f", "/dev/null", "new-session", "-d",
            "-x", str(columns), "-y", str(rows), shlex.join(shell),
        )  # fmt: skip
        self._tmux("set", "-g", "status", "off")
        self._tmux("set", "-g", "escape-time", "0")
        self._tmux("set", "-g", "window-size", "manual")
        self._tmux("resize-window", "-x", str(columns), "-y", str(rows))
        self.wait_for(PROMPT)

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the shell and whatever runs in it."""
        subprocess.run(
            ["tmux", "-L", self._socket, "kill-server"], capture_output=True, check=False
        )

    def run(self, *command: str, redirected: str = "") -> None:
        """Type a command and Enter; its exit code appears as `exit=N` after it."""
        self.type(f"{shlex.join(command)} {redirected}; echo exit=$?")
        self.press("Enter")

    def press(self, *keys: str) -> None:
        """Keys by tmux's names: Enter, Escape, Tab, BTab, Up, C-r, or a character."""
        for key in keys:
            self._tmux("send-keys", *(("-H", *_ESCAPE) if key == "Escape" else (key,)))

    def type(self, text: str) -> None:
        """Characters as they are."""
        self._tmux("send-keys", "-l", text)

    def lines(self) -> list[str]:
        """What is on the screen, without the blanks at the ends of lines."""
        return self._tmux("capture-pane", "-p").split("\n")

    def text(self) -> str:
        """The screen in one piece."""
        return "\n".join(self.lines())

    def record(self, path: Path) -> None:
        """From now on every byte that is written to the terminal goes to a file too."""
        self._tmux("pipe-pane", "-o", f"cat >> {shlex.quote(str(path))}")

    def settled(self, seconds: float = 10) -> str:
        """The screen once what draws it rests and two looks are the same; at most after so long."""
        deadline = time.monotonic() + seconds
        before, shell = "", int(self.asks("pane_pid"))
        while time.monotonic() < deadline:
            busy = not all(map(rests, below(shell)))
            if (screen := self.text()) == before and not busy:
                break
            before = screen
            time.sleep(_GLANCE)
        return screen

    def resize(self, columns: int, rows: int) -> None:
        """Give the pane another size."""
        self._tmux("resize-window", "-x", str(columns), "-y", str(rows))

    def asks(self, variable: str) -> str:
        """One of tmux's variables of the pane: alternate_on, mouse_any_flag, pane_pid."""
        return self._tmux("display-message", "-p", f"#{{{variable}}}").strip()

    def buffer(self) -> str:
        """What tmux would paste."""
        return self._tmux("show-buffer")

    def wait_for(self, *patterns: str, seconds: float = PATIENCE) -> str:
        """Wait until all patterns (regular expressions) are on the screen; returns the screen."""
        return self.wait_until(
            lambda screen: all(re.search(pattern, screen) for pattern in patterns),
            f"{patterns} on the screen",
            seconds,
        )

    def wait_until(
        self, holds: Callable[[str], object], what: str, seconds: float = PATIENCE
    ) -> str:
        """Wait until something holds of the screen; returns the screen it held of."""
        deadline = time.monotonic() + seconds
        while True:
            screen = self.text()
            if holds(screen):
                return screen
            if time.monotonic() > deadline:
                raise AssertionError(f"no {what} within {seconds} s; the screen:\n{screen}")
            time.sleep(_GLANCE)

    def wait_stopped(self) -> str:
        """Wait until the shell says that its job is stopped, and all of the job is.

        A command that has the terminal may read one more key before its own signal stops it.
        """
        screen, shell = self.wait_for("Stopped"), int(self.asks("pane_pid"))
        eventually(lambda: all(map(is_stopped, below(shell))), "job of stopped processes")
        return screen

    def wait_exit(self, code: int, seconds: float = PATIENCE) -> str:
        """Wait until the command has ended, with this code."""
        screen = self.wait_for(r"exit=\d+", seconds=seconds)
        assert re.findall(r"exit=(\d+)", screen)[-1] == str(code), screen
        return screen

    def children(self) -> list[str]:
        """The command lines of every process below the shell."""
        return descendants(int(self.asks("pane_pid")))

    def _tmux(self, *words: str) -> str:
        done = subprocess.run(
            ["tmux", "-L", self._socket, *words], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"tmux {shlex.join(words)}: {done.stderr}"
        return done.stdout


def _environment(extra: Mapping[str, str]) -> dict[str, str]:
    return {"PS1": f"{PROMPT} ", "LC_ALL": "C.UTF-8", "COLORTERM": "truecolor", **extra}


def descendants(pid: int) -> list[str]:
    """The command lines of a process's children and theirs, from /proc."""
    found = []
    for child in children(pid):
        line = Path(f"/proc/{child}/cmdline")
        try:
            found.append(line.read_bytes().replace(b"\0", b" ").decode().strip())
        except OSError:
            continue
        found += descendants(child)
    return found


def below(pid: int) -> list[int]:
    """The process ids of a process's children and theirs."""
    return [each for child in children(pid) for each in (child, *below(child))]


def rests(pid: int) -> bool:
    """Whether no thread of a process runs, or waits for a processor to run on."""
    try:
        stats = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/stat")]
    except OSError:
        return False
    return not any(_state(stat) in "RD" for stat in stats)


def is_stopped(pid: int) -> bool:
    """Whether a process is stopped, or gone."""
    try:
        return _state(Path(f"/proc/{pid}/stat").read_text()) == "T"
    except OSError:
        return True


def _state(stat: str) -> str:
    return stat.rpartition(")")[2].split()[0]


def children(pid: int) -> list[int]:
    """The process ids of a process's own children."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(word) for word in text.split()]
