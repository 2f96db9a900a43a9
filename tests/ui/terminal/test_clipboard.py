"""`c`: the text gets to the clipboard by the way that the terminal has, and the message is true."""

import base64
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from eksview.config.settings import WEB_DRIVER
from eksview.store.store import Store
from eksview.ui.base.messages import OpenNode
from eksview.ui.terminal.clipboard import Clipboard, osc52, through_screen, way_to
from tests.ui.harness import TestedApp, node, populate
from tests.ui.shell.test_app import running, shows, until

TEXT = "ip-10-0-1-17 \u2713\nsecond line"


@pytest.mark.parametrize(
    ("environ", "served", "way"),
    [
        ({}, False, "terminal"),
        ({"TMUX": "/tmp/tmux-0/default,1,0"}, False, "tmux"),
        ({"STY": "12.pts-0.host"}, False, "screen"),
        ({"TMUX": "/tmp/tmux-0/default,1,0", "STY": "12.pts-0.host"}, False, "tmux"),
        ({"TMUX": "/tmp/tmux-0/default,1,0"}, True, "terminal"),  # `serve`: the server's tmux
        ({"STY": "12.pts-0.host"}, True, "terminal"),
        ({"TMUX": "x", "TEXTUAL_DRIVER": WEB_DRIVER}, False, "browser"),
    ],
)
def test_the_way_is_that_of_the_terminal_of_who_looks(
    environ: Mapping[str, str], served: bool, way: str
) -> None:
    assert way_to(environ, served=served) == way


def test_osc_52_carries_the_text_in_base64() -> None:
    """By xterm's control sequences: OSC 52 ; c ; base64 BEL."""
    match = re.fullmatch(r"\x1b\]52;c;([A-Za-z0-9+/=]+)\x07", osc52(TEXT))
    assert match is not None
    assert base64.b64decode(match[1]).decode() == TEXT


@pytest.mark.parametrize("many", [1, 200, 5000])
def test_screen_passes_on_the_whole_sequence_in_pieces_that_it_takes(many: int) -> None:
    """GNU screen drops a string of more than 256 bytes, and removes `ESC P` and `ESC \\`."""
    sequence = osc52("x" * many)
    wrapped = through_screen(sequence)
    pieces = re.findall(r"\x1bP(.*?)\x1b\\", wrapped, re.DOTALL)
    assert "".join(pieces) == sequence
    assert sum(len(piece) + 4 for piece in pieces) == len(wrapped)
    assert all(len(piece) + 4 <= 256 for piece in pieces)


def fake(folder: Path, script: str) -> dict[str, str]:
    """An environment in which tmux is a script, in a session of tmux."""
    program = folder / "tmux"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return {"PATH": f"{folder}:/usr/bin:/bin", "TMUX": "/tmp/none,1,0", "OUT": str(folder / "out")}


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the terminal gets of OSC 52 and of what wraps it."""
    from textual.drivers.headless_driver import HeadlessDriver

    sent: list[str] = []
    monkeypatch.setattr(HeadlessDriver, "write", lambda _, data: sent.append(data))
    return sent


def app_in(environ: Mapping[str, str], *, served: bool = False) -> TestedApp:
    app = TestedApp(populate(Store()))
    app._clipboard_way = Clipboard(app, environ, served=served)
    return app


async def said(app: TestedApp, *words: str) -> None:
    """Wait for a message with these words, which a toast breaks into lines."""

    def shown() -> bool:
        return any(all(word in each.message for word in words) for each in app._notifications)

    await until(app.pilot, shown)


def copies(written: list[str]) -> list[str]:
    return [data for data in written if "]52;" in data]


async def test_in_tmux_the_text_is_loaded_and_the_terminal_is_left_to_tmux(
    tmp_path: Path, written: list[str]
) -> None:
    app = app_in(fake(tmp_path, 'echo "$@" > "$OUT.args"; cat > "$OUT"'))
    async with running(app) as press:
        await press("2", "N", "c")
        await said(app, "Copied to tmux's buffer and offered to its terminal", node(0).name)
    assert (tmp_path / "out").read_text() == node(0).name
    assert (tmp_path / "out.args").read_text() == "load-buffer -w -\n"
    assert copies(written) == []


async def test_a_tmux_that_has_no_flag_w_gets_the_text_without(tmp_path: Path) -> None:
    script = 'case "$*" in *-w*) echo "usage: load-buffer" >&2; exit 1;; esac; cat > "$OUT"'
    app = app_in(fake(tmp_path, script))
    async with running(app) as press:
        await press("2", "N", "c")
        await said(app, "Copied to tmux's buffer: ")
    assert (tmp_path / "out").read_text() == node(0).name


@pytest.mark.parametrize(
    ("environ", "reason"),
    [
        (lambda folder: fake(folder, "echo no server running >&2; exit 1"), "no server running"),
        (lambda _: {"TMUX": "x", "PATH": "/nowhere"}, "tmux can't be started"),
    ],
)
async def test_a_tmux_that_takes_nothing_is_named_and_the_terminal_gets_the_text(
    environ: Callable[[Path], dict[str, str]], reason: str, tmp_path: Path, written: list[str]
) -> None:
    app = app_in(environ(tmp_path))
    async with running(app) as press:
        await press("2", "N", "c")
        await said(app, reason, "Sent to the terminal's clipboard (OSC 52)")
    assert copies(written) == [osc52(node(0).name)]


@pytest.mark.parametrize(
    ("environ", "served", "words"),
    [
        ({}, False, "Sent to the terminal's clipboard (OSC 52)"),
        ({"STY": "1.pts"}, False, "Sent through screen to the terminal's clipboard (OSC 52)"),
        (
            {"TEXTUAL_DRIVER": WEB_DRIVER, "TMUX": "x"},
            False,
            "Sent to the browser's clipboard (OSC 52)",
        ),
        ({"TMUX": "x", "STY": "y"}, True, "Sent to the terminal's clipboard (OSC 52)"),
    ],
)
async def test_elsewhere_the_terminal_gets_the_text_and_nothing_is_said_to_be_copied(
    environ: Mapping[str, str], served: bool, words: str, written: list[str]
) -> None:
    app = app_in(environ, served=served)
    async with running(app) as press:
        await press("2", "N", "c")
        await said(app, words, node(0).name)
        assert not any("Copied" in each.message for each in app._notifications)
    sequence = osc52(node(0).name)
    assert copies(written) == [through_screen(sequence) if "screen" in words else sequence]


async def test_of_many_lines_the_number_is_shown(written: list[str]) -> None:
    app = app_in({})
    async with running(app) as press:
        app.post_message(OpenNode(node(0).name))
        await shows(app, "Conditions")
        await press("y")
        await shows(app, "kind: Node")
        await press("c")
        await said(app, "(OSC 52)", f" {len(app.clipboard.splitlines())} lines")
        assert app.clipboard.startswith("apiVersion: v1\nkind: Node\n")
