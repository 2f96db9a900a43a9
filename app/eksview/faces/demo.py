"""`eksview demo`: the dashboard on a cluster of its own."""

import sys

import msgspec

from eksview.demo.launch import DemoProcess
from eksview.demo.options import DemoOptions
from eksview.faces.dashboard import run_dashboard
from eksview.faces.follow import KubeBackend
from eksview.settings import Settings

_SLOW = 20_000  # pods from which building takes so long that a word is due


def show(options: DemoOptions, settings: Settings) -> int:
    """The dashboard on a demo cluster that ends with it. Raises `Problem`."""
    if options.pods >= _SLOW:
        sys.stderr.write(f"building a demo cluster of {options.pods:,} pods ...\n")
    # Should this process die without a word, the end of a pipe tells the child.
    cluster = DemoProcess(options)
    try:
        here = msgspec.structs.replace(settings, kubeconfig=str(cluster.kubeconfig))
        return run_dashboard(here, KubeBackend)
    finally:
        cluster.stop()
