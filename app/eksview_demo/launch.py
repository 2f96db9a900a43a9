"""Starting the demo cluster as a child process that can't outlive its parent."""

import os
import select
import shlex
import subprocess
import sys
import time
from pathlib import Path

from eksview_demo.errors import DemoError
from eksview_demo.options import DemoOptions

_PREFIX = b"KUBECONFIG="
_GRACE = 2.0  # seconds to end by itself


class DemoProcess:
    """The child: `kubeconfig` is ready when the constructor returns. Raises DemoError.

    `environ` has it too, and the variables that lead to the demo's AWS.
    """

    def __init__(self, options: DemoOptions, timeout: float = 30.0) -> None:
        # Its own session: the terminal's Ctrl-C is the dashboard's, not the cluster's.
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and arguments
            [sys.executable, "-m", "eksview_demo", *_arguments(options)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        # A large cluster takes its time: what 150,000 pods need, several times over.
        self.environ = self._wait(timeout + options.pods / 2000)
        self.kubeconfig = Path(self.environ["KUBECONFIG"])

    @property
    def pid(self) -> int:
        return self._process.pid

    def stop(self) -> None:
        """Stop it, by force after a grace period; return when it has ended."""
        process = self._process
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
        try:
            process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _wait(self, timeout: float) -> dict[str, str]:
        line = self._first_line(time.monotonic() + timeout)
        if line.startswith(_PREFIX):
            return dict(word.split("=", 1) for word in shlex.split(line.decode()))
        reason = self._last_words() if self._process.poll() is not None else "it says nothing"
        self.stop()
        raise DemoError(f"The demo cluster didn't start: {reason}.")

    def _first_line(self, until: float) -> bytes:
        """Return the first line of its output; empty when it ends or time is up first."""
        assert self._process.stdout is not None  # noqa: S101 - it is a pipe
        out = self._process.stdout.fileno()
        line = b""
        while not line.endswith(b"\n"):
            left = until - time.monotonic()
            if left <= 0 or not select.select([out], [], [], left)[0]:
                return b""
            chunk = os.read(out, 4096)
            if not chunk:
                self._process.wait()
                return b""
            line += chunk
        return line

    def _last_words(self) -> str:
        assert self._process.stderr is not None  # noqa: S101 - it is a pipe
        lines = self._process.stderr.read().decode(errors="replace").strip().splitlines()
        return lines[-1].rstrip(".") if lines else f"exit code {self._process.returncode}"


def _arguments(options: DemoOptions) -> list[str]:
    arguments = [
        f"--nodes={options.nodes}",
        f"--pods={options.pods}",
        f"--churn={options.churn}",
        f"--seed={options.seed}",
        f"--port={options.port}",
        f"--role={options.role}",
        f"--ecs-instances={options.ecs_instances}",
    ]
    return arguments + ([f"--state-dir={options.state}"] if options.state else [])
