"""A demo API server of a cluster that a benchmark has built, in a process of its own."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from eksview_demo.api.server import DemoServer
from eksview_demo.cluster.cluster import DemoCluster
from tests.bench.pty_app import python


@contextmanager
def served_by(module: str, *arguments: str) -> Iterator[dict[str, str]]:
    """Run a module that calls `serve`; the environment leads to its server."""
    server = subprocess.Popen(
        python("-m", module, *arguments),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdin is not None
    assert server.stdout is not None
    try:
        yield {"KUBECONFIG": server.stdout.readline().strip()}
    finally:
        server.stdin.close()
        server.wait()


async def serve(cluster: DemoCluster) -> None:
    """Print the path of a kubeconfig, and serve until stdin ends."""
    server = DemoServer(cluster)
    await server.start()
    with TemporaryDirectory() as folder:
        path = Path(folder, "kubeconfig")
        server.write_kubeconfig(path)
        print(path, flush=True)
        await asyncio.to_thread(sys.stdin.read)
    await server.stop()
