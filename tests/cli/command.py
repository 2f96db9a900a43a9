"""`eksview` with its words and variables: in this process, or in one of its own."""

import io
import os
import pty
import subprocess
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from unittest import mock

from eksview.cli.main import main
from tests.patience import PATIENCE

Done = subprocess.CompletedProcess[str]


def call(*words: str, env: Mapping[str, str]) -> Done:
    """Run a command in this process, which takes a tenth of the time; `env` is all it has."""
    out, err = io.StringIO(), io.StringIO()
    with mock.patch.dict(os.environ, env, clear=True), redirect_stdout(out), redirect_stderr(err):
        code = main(words)
    return Done(words, code, out.getvalue(), err.getvalue())


def run(*words: str, env: Mapping[str, str]) -> Done:
    """Run a command as a shell does; `env` is all it has. Bytes that aren't UTF-8 are kept."""
    command = [sys.executable, "-m", "eksview", *words]
    return subprocess.run(
        command, check=False, capture_output=True, encoding="utf-8", errors="surrogateescape",
        timeout=PATIENCE, env=env,
    )  # fmt: skip


def on_terminal(*words: str | bytes, env: Mapping[str, str]) -> str:
    """Run a command with a terminal for all three streams; return all that was written to it."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "eksview", *words],
        stdin=theirs, stdout=theirs, stderr=theirs, env=env,
    )  # fmt: skip
    os.close(theirs)
    written = b""
    while chunk := _read(ours):
        written += chunk
    os.close(ours)
    process.wait()
    return written.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # on Linux the end, once nothing has the other side open
        return b""
