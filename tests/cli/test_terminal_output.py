"""What commands write to a terminal, as its bytes: text, lines and tabs, and nothing that acts."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from eksview.cli.terminal_output import printable_terminal
from tests.cli.command import on_terminal

ACTS = "\x1b]52;c;cm0gLXJmIC8=\x07\x9b666m\u202e\u200b\r\x08\udc9b"
SHOWN = r"\x1b]52;c;cm0gLXJmIC8=\x07\x9b666m\u202e\u200b\x0d\x08\udc9b"


class _Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_what_acts_as_escapes(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = _Screen()
    monkeypatch.setattr(sys, "stdout", screen)
    with printable_terminal():
        print(f"a\t日本\xa0é {ACTS}")
        sys.stdout.writelines(["b\n", "\x1bc\n"])
    assert screen.getvalue() == f"a\t日本\xa0é {SHOWN}\nb\n\\x1bc\n"
    assert sys.stdout is screen


def test_a_pipe_gets_the_data_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = io.StringIO()
    monkeypatch.setattr(sys, "stdout", pipe)
    with printable_terminal():
        print(ACTS)
    assert pipe.getvalue() == ACTS + "\n"


def test_a_closed_stream_stays_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    with printable_terminal():
        assert sys.stderr is None


@pytest.mark.parametrize(
    "words",
    [
        ("get", "\x1b]52;c;cm0=\x07nodes"),
        ("get", "pods", "--context", "\x1b]0;owned\x07"),
        ("get", "pods", "-o", "\x9b666m"),
        ("--\x1b[2Jflag",),
        ("get", "pods", "--kubeconfig", b"\xff\x1bc"),
    ],
)
def test_no_message_about_a_word_repeats_it_raw(words: tuple[str, ...], tmp_path: Path) -> None:
    env = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    written = on_terminal(*words, env=env)
    assert "eksview" in written
    assert written.replace("\r\n", "").isprintable(), ascii(written)


@pytest.mark.parametrize("words", [[], ["demo"]])
def test_a_dashboard_without_stdin_says_that_it_needs_a_terminal(
    words: list[str], tmp_path: Path
) -> None:
    env = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    command = ["/bin/sh", "-c", 'exec "$0" -m eksview "$@" <&-', sys.executable, *words]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=env)
    assert done.returncode == 2
    assert "needs a terminal" in done.stderr


@pytest.mark.parametrize(
    ("redirected", "code", "written"),
    [
        (">&-", 0, ""),
        (">&- 2>&-", 0, ""),
        (">/dev/full", 1, "eksview: the output can't be written: No space left on device\n"),
    ],
)
def test_output_that_has_no_place_is_no_bug(
    redirected: str, code: int, written: str, tmp_path: Path
) -> None:
    env = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    command = ["/bin/sh", "-c", f'exec "$0" -m eksview --version {redirected}', sys.executable]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=env)
    assert (done.returncode, done.stderr) == (code, written)
