"""`eksview demo`: the dashboard on an embedded demo cluster."""

import os
import sys
from collections.abc import Mapping
from functools import partial

import msgspec

from eksview.cli.dashboard import run_dashboard
from eksview.config.settings import Settings
from eksview.domain.base.errors import UserError
from eksview.engine.backend import KubeBackend
from eksview.engine.context_settings import in_current_context
from eksview_demo.errors import DemoError
from eksview_demo.launch import DemoProcess
from eksview_demo.options import DemoOptions

_SLOW = 20_000  # pods; building a larger cluster takes seconds, so a message is printed

# Variables with which AWS calls would reach a real account.
_ACCOUNT = ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_ROLE_ARN")
_ENDPOINTS = "AWS_ENDPOINT_URL_"  # of single services, which override the demo's AWS_ENDPOINT_URL
_SIZE = ("COLUMNS", "LINES")  # of the terminal when the dashboard started


def demo_environ(demo: Mapping[str, str], environ: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which kubectl, AWS calls and the AWS CLI reach only the demo."""
    kept = {
        name: value
        for name, value in environ.items()
        if name not in _ACCOUNT + _SIZE and not name.startswith(_ENDPOINTS)
    }
    return kept | dict(demo)


def run(options: DemoOptions, settings: Settings, environ: Mapping[str, str] = os.environ) -> int:
    """Run the dashboard on a demo cluster that ends with it. Raises `UserError`."""
    if options.pods >= _SLOW:
        sys.stderr.write(f"building a demo cluster of {options.pods:,} pods ...\n")
    # If this process is killed, the child notices the end of a pipe.
    try:
        cluster = DemoProcess(options)
    except DemoError as error:
        raise UserError(str(error)) from None
    demo = demo_environ(cluster.environ, environ)
    try:
        settings = msgspec.structs.replace(settings, kubeconfig=str(cluster.kubeconfig))
        settings = in_current_context(settings, demo)
        return run_dashboard(settings, partial(KubeBackend, environ=demo), demo)
    finally:
        cluster.stop()
