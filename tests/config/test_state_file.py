"""The state between two starts: replaced in one step, and ignored where it is broken."""

import os
from pathlib import Path

import pytest

from eksview.config.state_file import LIMIT, State, read_state, state_path, write_state

STATE = State(history=("pods shop", "nodes"), view="nodes")


def test_what_was_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "new" / "state.json"
    write_state(path, STATE)
    assert read_state(path) == STATE
    assert [each.name for each in path.parent.iterdir()] == ["state.json"]
    assert path.stat().st_mode & 0o077 == 0


def test_state_and_configuration_are_in_different_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/state")
    assert state_path() == Path("/state/eksview/state.json")


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"history": 1}', b'{"view": "\xff"}', b"\0" * 10, b" " * (LIMIT + 1)],
)
def test_a_broken_state_is_ignored_with_a_note_in_the_log(
    content: bytes, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "state.json"
    path.write_bytes(content)
    assert read_state(path) == State()
    assert f"{path} is ignored" in caplog.text
    write_state(path, STATE)
    assert read_state(path) == STATE


def test_a_state_that_is_no_file_is_ignored(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "state.json"
    assert read_state(path) == State()
    assert not caplog.text
    os.mkfifo(path)
    assert read_state(path) == State()
    path.unlink()
    path.mkdir()
    assert read_state(path) == State()
    write_state(path, STATE)
    assert "can't be written" in caplog.text
    assert [each.name for each in tmp_path.iterdir()] == ["state.json"]


def test_what_a_later_version_adds_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    path.write_text('{"view": "nodes", "from_the_future": 1}')
    assert read_state(path) == State(view="nodes")
