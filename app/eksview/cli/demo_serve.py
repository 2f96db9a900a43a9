"""`eksview demo --serve`: the demo cluster without a dashboard, for kubectl and the AWS CLI."""

import shlex
import sys
from collections.abc import Mapping

from eksview.domain.base.errors import UserError
from eksview_demo.errors import DemoError
from eksview_demo.options import DemoOptions
from eksview_demo.run import serve_forever


def serve(options: DemoOptions) -> int:
    """Print variables for a shell and serve until interrupted. Raises `UserError`."""
    try:
        return serve_forever(options, _announce)
    except DemoError as error:
        raise UserError(str(error)) from None


def _announce(environ: Mapping[str, str]) -> None:
    for name, value in environ.items():
        sys.stdout.write(f"export {name}={shlex.quote(value)}\n")
    sys.stdout.flush()
