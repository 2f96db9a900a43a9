"""Without --allow-writes no key on any screen changes the cluster, nor runs a kubectl that does."""

import string
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests.e2e.api import Api
from tests.e2e.conftest import Open
from tests.e2e.terminal import HAS_TMUX, NO_TMUX, Terminal

pytestmark = pytest.mark.skipif(not HAS_TMUX, reason=NO_TMUX)

LEAVING = {"q", "C-c", "C-q", "C-z"}
"""The keys that end eksview, or stop it."""
KEYS = [
    key
    for key in (
        *string.ascii_letters,
        *"/+-*.,<>=",
        *(f"C-{each}" for each in "abdefgklnoprstuvwxy"),
    )
    if key not in LEAVING
]
YES = ("y", "Enter", "y", "1", "Enter")
"""The keys that answer whatever a key asks with yes."""
SCREENS = {
    "nodes": ("2",),
    "a node": ("2", "Enter"),
    "pods": ("3",),
    "a pod": ("3", "Enter"),
    "deployments": (":", *"deploy", "Enter"),
    "a deployment": (":", *"deploy", "Enter", "Enter"),
}
PROGRAM = '#!/bin/sh\necho "$(basename "$0") $*" >> {record}\nexit 0\n'
Start = Callable[..., Terminal]


@pytest.fixture
def start(api: Api, open_terminal: Open, tmp_path: Path) -> Start:
    """A dashboard with recording programs in front on PATH."""

    def begin(*flags: str) -> Terminal:
        for name in ("kubectl", "ssh", "aws", "session-manager-plugin"):
            program = tmp_path / "bin" / name
            program.parent.mkdir(exist_ok=True)
            program.write_text(PROGRAM.format(record=tmp_path / "ran"))
            program.chmod(0o755)
        env = {**api.env, "PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin"}
        terminal = open_terminal(*flags, env=env, columns=140, rows=40)
        terminal.wait_for("Control plane", "Workers", "6 nodes")
        return terminal

    return begin


def walk(terminal: Terminal, way: Iterable[str]) -> None:
    """Press every key on a screen, and yes to whatever it asks."""
    for key in KEYS:
        terminal.press(*way, key, *YES, "Escape", "Escape", "Escape")


@pytest.mark.parametrize("screen", SCREENS)
def test_no_key_changes_anything(api: Api, start: Start, tmp_path: Path, screen: str) -> None:
    terminal = start()
    api.ask("changes")
    walk(terminal, SCREENS[screen])
    terminal.settled()
    terminal.press("Escape", "Escape", "1")
    terminal.wait_for("Control plane", "Workers", "6 nodes")
    assert api.ask("changes") == []
    ran = tmp_path / "ran"
    lines = ran.read_text().splitlines() if ran.exists() else []
    assert [line for line in lines if line.startswith("kubectl")] == []


def test_with_allow_writes_a_yes_is_seen_by_the_server(api: Api, start: Start) -> None:
    terminal = start("--allow-writes")
    terminal.press("3")
    terminal.wait_for("NAMESPACE", r"\d+ pods")
    api.ask("changes")
    terminal.press("C-d")
    terminal.wait_for("Deletes it")
    terminal.press("y")
    terminal.wait_for("Deleted ")
    (change,) = api.ask("changes")
    assert change.startswith("delete /api/v1/namespaces/")
