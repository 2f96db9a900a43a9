"""A picture of every screen at three sizes; `--snapshot-update` takes them again."""

from functools import partial
from pathlib import Path

import pytest

from eksview.ui.terminal.external_command import ExternalCommand
from tests.ui.snapshots.screens import SCENES, SIZES, app_of, play

PICTURES = Path(__file__).parent / "__snapshots__"


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give every run the same terminal: true colors, and one that can be lent to a command."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    for name in ("NO_COLOR", "FORCE_COLOR", "SSH_CONNECTION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(ExternalCommand, "possible", True)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", SCENES)
def test_screen(name, size, snap_compare):
    scene = SCENES[name]
    assert snap_compare(app_of(scene), terminal_size=size, run_before=partial(play, scene))


def test_every_picture_is_of_a_scene():
    """With several processes `--snapshot-update` doesn't delete pictures, with `-n0` it does."""
    expected = {f"test_screen[{name}-{w}x{h}]" for name in SCENES for w, h in SIZES}
    assert {path.stem for path in PICTURES.rglob("*.svg")} <= expected
