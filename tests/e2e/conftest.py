"""A demo API server for each test module, and a dashboard in a terminal for each test."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.api import Api
from tests.e2e.terminal import Terminal

EKSVIEW = (sys.executable, "-m", "eksview")
Open = Callable[..., Terminal]


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
