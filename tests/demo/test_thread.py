"""The server in a thread: for tests and tools whose own loop must stay free."""

import ssl
import urllib.request
from pathlib import Path

import pytest

from eksview_demo.api.server import DemoServer
from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.life.engine import Life
from tests.demo.faults import Answer, FaultyServer
from tests.demo.thread import DemoThread
from tests.patience import PATIENCE


def ask(server: DemoServer, path: str) -> int:
    context = ssl.create_default_context(cadata=server.certificates.authority.decode())
    request = urllib.request.Request(
        server.url + path, headers={"Authorization": f"Bearer {server.token}"}
    )
    with urllib.request.urlopen(request, context=context, timeout=PATIENCE) as response:
        return int(response.status)


def test_it_answers_stops_and_comes_back_on_its_port(cluster: DemoCluster, tmp_path: Path) -> None:
    with DemoThread(DemoServer(cluster), Life(cluster)) as demo:
        assert demo.write_kubeconfig(tmp_path / "config").exists()
        port = demo.server.port
        assert ask(demo.server, "/api/v1/nodes") == 200
        demo.stop()
        with pytest.raises(OSError, match="refused"):
            ask(demo.server, "/api/v1/nodes")
        demo.restart()
        assert demo.server.port == port
        assert ask(demo.server, "/api/v1/nodes") == 200


def test_the_cluster_is_touched_on_the_servers_loop(cluster: DemoCluster) -> None:
    with DemoThread(FaultyServer(cluster)) as demo:
        demo.call(lambda: demo.server.faults.add(Answer(503)))
        with pytest.raises(OSError, match="503"):
            ask(demo.server, "/api/v1/nodes")
        assert ask(demo.server, "/api/v1/nodes") == 200
