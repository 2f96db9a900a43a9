"""A demo API server for each test module, and a dashboard in a terminal for each test."""

import shlex
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
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
def terminals() -> Iterator[ExitStack]:
    """Yield a stack for the terminals of a test, which are closed after it."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def open_terminal(terminals: ExitStack, tmp_path: Path) -> Open:
    """Opens terminals with an eksview in them."""

    def start(
        *words: str,
        env: dict[str, str],
        columns: int = 200,
        rows: int = 75,
        redirected: str = "",
    ) -> Terminal:
        home = {"HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path / "state")}
        terminal = terminals.enter_context(Terminal(columns, rows, {**home, **env}))
        terminal.run(*EKSVIEW, *words, redirected=redirected)
        return terminal

    return start


@pytest.fixture(scope="module")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    folder = tmp_path_factory.mktemp("sshd")
    with Sshd(folder, {"HOME": str(folder), "XDG_STATE_HOME": str(folder)}) as server:
        yield server


@pytest.fixture
def look(sshd: Sshd, terminals: ExitStack, tmp_path: Path) -> Look:
    """Opens terminals with an SSH client in them, and an eksview at its other end."""

    def start(
        api: Mapping[str, str],
        *command: str,
        term: str = "xterm-256color",
        env: Mapping[str, str] = {},
        port: int | None = None,
        columns: int = 160,
        rows: int = 48,
    ) -> Terminal:
        terminal = terminals.enter_context(Terminal(columns, rows, {"TERM": term, **env}))
        terminal.record(recording(terminal, tmp_path))
        variables = [f"{name}={value}" for name, value in api.items()]
        there = shlex.join(["env", *variables, *(command or EKSVIEW)])
        terminal.run(*sshd.ssh("-tt", port=port), there)
        return terminal

    return start


def recording(terminal: Terminal, folder: Path) -> Path:
    """Where every byte is that was written to a terminal of `look`'s."""
    return folder / f"{terminal.asks('pane_pid')}.bytes"
