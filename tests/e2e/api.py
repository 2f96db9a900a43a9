"""The demo API server of `api_server`, from the side of a test."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.patience import PATIENCE


class Api:
    """A server in a process of its own; ends with the `with` block."""

    def __init__(self, folder: Path) -> None:
        self.kubeconfig = folder / "kubeconfig"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.api_server", str(self.kubeconfig)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.url = self._answer()

    def __enter__(self) -> "Api":
        return self

    def __exit__(self, *_: object) -> None:
        self.thaw()
        self._process.communicate(timeout=PATIENCE)

    @property
    def env(self) -> dict[str, str]:
        """What points a program at it."""
        return {"KUBECONFIG": str(self.kubeconfig)}

    def ask(self, command: str) -> Any:
        """One of the commands of `api_server.Commands`, done when this returns."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{command}\n")
        self._process.stdin.flush()
        return self._answer()

    def freeze(self) -> None:
        """It stops where it is: connections stay, and nothing more comes over them."""
        os.kill(self._process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on as if nothing had been."""
        os.kill(self._process.pid, signal.SIGCONT)

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the demo API server ended"
        return json.loads(line)
