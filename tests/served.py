"""`eksview demo --serve` in a process of its own: a cluster and its AWS account."""

import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LAST = "AWS_EC2_METADATA_DISABLED"


@contextmanager
def serving(home: Path, *words: str) -> Iterator[dict[str, str]]:
    """The variables that it prints, and nothing of this machine's own but PATH."""
    plain = {"PATH": os.environ["PATH"], "HOME": str(home)}
    command = [sys.executable, "-m", "eksview", "demo", "--serve", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=plain) as process:
        assert process.stdout is not None
        try:
            said: dict[str, str] = {}
            while LAST not in said:
                (pair,) = shlex.split(process.stdout.readline().removeprefix("export "))
                name, _, value = pair.partition("=")
                said[name] = value
            yield plain | said
        finally:
            process.send_signal(signal.SIGINT)
