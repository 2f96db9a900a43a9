"""`eksview demo`: the dashboard on a cluster of its own."""

import os
import sys
from collections.abc import Mapping, MutableMapping

import msgspec

from eksview.demo.errors import DemoError
from eksview.demo.launch import DemoProcess
from eksview.demo.options import DemoOptions
from eksview.domain.ports import Problem
from eksview.faces.dashboard import run_dashboard
from eksview.faces.follow import KubeBackend
from eksview.settings import Settings

_SLOW = 20_000  # pods from which building takes so long that a word is due


FOREIGN = ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_ROLE_ARN")
"""Variables that would lead AWS calls, or their credentials, to somebody's real account."""


def lead(there: Mapping[str, str], environ: MutableMapping[str, str]) -> None:
    """Lead AWS calls to the demo: by the environment alone, as it would be for anybody."""
    for name in FOREIGN:
        environ.pop(name, None)
    environ.update(there)


def show(options: DemoOptions, settings: Settings) -> int:
    """The dashboard on a demo cluster that ends with it. Raises `Problem`."""
    if options.pods >= _SLOW:
        sys.stderr.write(f"building a demo cluster of {options.pods:,} pods ...\n")
    # Should this process die without a word, the end of a pipe tells the child.
    try:
        cluster = DemoProcess(options)
    except DemoError as error:
        raise Problem(str(error)) from None
    lead(cluster.environ, os.environ)
    try:
        here = msgspec.structs.replace(settings, kubeconfig=str(cluster.kubeconfig))
        return run_dashboard(here, KubeBackend)
    finally:
        cluster.stop()
