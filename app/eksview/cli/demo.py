"""`eksview demo`: the dashboard on a cluster of its own."""

import os
import sys
from collections.abc import Mapping
from functools import partial

import msgspec

from eksview.cli.dashboard import run_dashboard
from eksview.config.settings import Settings
from eksview.domain.base.problem import UserError
from eksview.engine.backend import KubeBackend
from eksview_demo.errors import DemoError
from eksview_demo.launch import DemoProcess
from eksview_demo.options import DemoOptions

_SLOW = 20_000  # pods from which building takes so long that a word is due


_FOREIGN = ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_ROLE_ARN")
"""Variables that would lead AWS calls, or their credentials, to somebody's real account."""
_ENDPOINTS = "AWS_ENDPOINT_URL_"  # of one service, which comes before the demo's of all
_SIZE = ("COLUMNS", "LINES")  # of a terminal as it was when the dashboard began


def led(to: Mapping[str, str], environ: Mapping[str, str]) -> dict[str, str]:
    """Return an environment that leads kubectl, AWS calls and the AWS CLI to the demo."""
    kept = {
        name: value
        for name, value in environ.items()
        if name not in _FOREIGN + _SIZE and not name.startswith(_ENDPOINTS)
    }
    return kept | dict(to)


def show(options: DemoOptions, settings: Settings, environ: Mapping[str, str] = os.environ) -> int:
    """The dashboard on a demo cluster that ends with it. Raises `UserError`."""
    if options.pods >= _SLOW:
        sys.stderr.write(f"building a demo cluster of {options.pods:,} pods ...\n")
    # Should this process die without a word, the end of a pipe tells the child.
    try:
        cluster = DemoProcess(options)
    except DemoError as error:
        raise UserError(str(error)) from None
    demo = led(cluster.environ, environ)
    try:
        here = msgspec.structs.replace(settings, kubeconfig=str(cluster.kubeconfig))
        return run_dashboard(here, partial(KubeBackend, environ=demo), demo)
    finally:
        cluster.stop()
