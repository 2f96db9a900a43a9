"""`eksview demo --serve`: the demo cluster alone, for a shell and its kubectl."""

import shlex
import sys
from collections.abc import Mapping

from eksview.demo.errors import DemoError
from eksview.demo.options import DemoOptions
from eksview.demo.run import serve_forever
from eksview.domain.ports import Problem


def serve(options: DemoOptions) -> int:
    """Print what a shell evaluates and serve until interrupted. Raises `Problem`."""
    try:
        return serve_forever(options, _announce)
    except DemoError as error:
        raise Problem(str(error)) from None


def _announce(environ: Mapping[str, str]) -> None:
    for name, value in environ.items():
        sys.stdout.write(f"export {name}={shlex.quote(value)}\n")
    sys.stdout.flush()
