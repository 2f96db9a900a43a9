"""A demo API server for each test module, and a dashboard in a terminal for each test."""

import shlex
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.e2e.api import Api
from tests.e2e.openssh import Sshd
from tests.e2e.terminal import Terminal

EKSVIEW = (sys.executable, "-m", "eksview")
Open = Callable[..., Terminal]
Look = Callable[..., Terminal]


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with Api(tmp_path_factory.mktemp("api")) as server:
        yield server


@pytest.fixture
def open_terminal(tmp_path: Path) -> Iterator[Open]:
    """Opens terminals with an eksview in them; all are closed after the test."""
    terminals: list[Terminal] = []

    def start(*words: str, env: dict[str, str], columns: int = 200, rows: int = 75) -> Terminal:
        home = {"HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path / "state")}
        terminal = Terminal(columns, rows, {**home, **env})
        terminals.append(terminal)
        terminal.run(*EKSVIEW, *words)
        return terminal

    yield start
    for terminal in terminals:
        terminal.close()


@pytest.fixture(scope="module")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    folder = tmp_path_factory.mktemp("sshd")
    with Sshd(folder, {"HOME": str(folder), "XDG_STATE_HOME": str(folder)}) as server:
        yield server


@pytest.fixture
def look(sshd: Sshd, tmp_path: Path) -> Iterator[Look]:
    """Opens terminals with an SSH client in them, and an eksview at its other end."""
    terminals: list[Terminal] = []

    def start(
        api: Mapping[str, str],
        *command: str,
        term: str = "xterm-256color",
        env: Mapping[str, str] = {},
        port: int | None = None,
        columns: int = 160,
        rows: int = 48,
    ) -> Terminal:
        terminal = Terminal(columns, rows, {"TERM": term, **env})
        terminals.append(terminal)
        terminal.record(recording(terminal, tmp_path))
        variables = [f"{name}={value}" for name, value in api.items()]
        there = shlex.join(["env", *variables, *(command or EKSVIEW)])
        terminal.run(*sshd.ssh("-tt", port=port), there)
        return terminal

    yield start
    for terminal in terminals:
        terminal.close()


def recording(terminal: Terminal, folder: Path) -> Path:
    """Where every byte is that was written to a terminal of `look`'s."""
    return folder / f"{terminal.asks('pane_pid')}.bytes"
