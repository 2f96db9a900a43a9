"""`eksview demo --serve`: the demo cluster alone, for a shell and its kubectl."""

import shlex
import sys
from pathlib import Path

from eksview.demo.options import DemoOptions
from eksview.demo.run import serve_forever


def serve(options: DemoOptions) -> int:
    """Print what a shell evaluates and serve until interrupted. Raises `Problem`."""
    return serve_forever(options, _announce)


def _announce(kubeconfig: Path) -> None:
    sys.stdout.write(f"export KUBECONFIG={shlex.quote(str(kubeconfig))}\n")
    sys.stdout.flush()
