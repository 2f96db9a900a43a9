"""The dashboard on a machine whose clock is wrong, on a real server, from bytes to cells."""

import re
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from eksview.config.settings import Settings
from eksview.domain.live.messages import Fanout, Sink
from eksview.kube.client.connection import Connection
from eksview.kube.client.kubeconfig.merged import locate
from eksview.kube.cluster_watcher import ClusterWatcher
from eksview.ui.shell.app import EksviewApp
from eksview_demo.cluster.build import build
from eksview_demo.cluster.cluster import DemoCluster
from tests.demo.faults import FaultyServer
from tests.patience import until
from tests.ui.harness import FakeBackend

DEAD = 200.0
"""Seconds since the last renewal of the kubelet that is dead."""


class World:
    """A server whose clock is right."""

    def __init__(self, folder: Path) -> None:
        self.cluster = DemoCluster(seed=3)
        build(self.cluster, nodes=4, pods=12)
        self.server = FaultyServer(self.cluster)
        self.kubeconfig = folder / "kubeconfig"
        self.names = sorted(self.cluster.nodes)

    def beat(self) -> None:
        """Renew the leases of all nodes but the first, whose kubelet is dead."""
        for name in self.names[1:]:
            self.cluster.renew(self.cluster.nodes[name])


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    world = World(tmp_path)
    world.beat()
    dead = world.cluster.nodes[world.names[0]]
    world.cluster.clock = lambda: time.time() - DEAD
    world.cluster.renew(dead)
    world.cluster.clock = time.time
    await world.server.start()
    world.server.write_kubeconfig(world.kubeconfig)
    yield world
    await world.server.stop()


class WatchingBackend(FakeBackend):
    """A backend that watches a server by a clock that may be wrong."""

    def __init__(self, kubeconfig: Path, sink: Sink, ahead: float) -> None:
        super().__init__()
        self._clock = lambda: time.time() + ahead
        connection = Connection(locate(Settings(kubeconfig=str(kubeconfig))), self._clock)
        self.watcher = ClusterWatcher(connection, Fanout(sink), clock=self._clock)

    def start(self) -> None:
        self.watcher.start()


class SkewedApp(EksviewApp):
    """The application on a machine whose clock is `ahead` seconds ahead of the server's."""

    def __init__(self, kubeconfig: Path, ahead: float) -> None:
        self._kubeconfig, self._ahead = kubeconfig, ahead
        self.later = 0.0  # seconds that a test lets pass
        super().__init__(Settings(animate=False), self._make, clock=self._read_clock)

    def _read_clock(self) -> float:
        return time.time() + self._ahead + self.later

    def _make(self, _: Settings, sink: Sink) -> WatchingBackend:
        self.watching = WatchingBackend(self._kubeconfig, sink, self._ahead)
        return self.watching

    def text(self) -> str:
        return "\n".join(strip.text for strip in self.screen._compositor.render_strips())


@pytest.mark.parametrize("ahead", [0.0, 70.0, 3600.0, -70.0, -3600.0])
async def test_nodes_are_judged_as_by_a_clock_that_is_right(world: World, ahead: float) -> None:
    app = SkewedApp(world.kubeconfig, ahead)
    async with app.run_test(size=(160, 48)) as pilot:
        store = app.view.store
        await until(lambda: len(store.nodes) == 4 and len(store.dated_leases) >= 4)
        await until(lambda: abs(store.time.ahead - ahead) < 3.0)
        await until(lambda: "1 No heartbeat  ● 4 Ready" in app.text())
        raw = dict(store.leases)
        world.beat()
        await until(lambda: all(store.leases[key] != raw[key] for key in _alive(world)))
        await until(lambda: "1 No heartbeat  ● 4 Ready" in app.text())
        word = "ahead of" if ahead > 0 else "behind"
        assert ("This machine's clock is" in app.text()) == bool(ahead)
        assert (f"{word} the API server" in app.text()) == bool(ahead)
        await pilot.press("2")
        await until(lambda: "HEARTBEAT" in app.text() and world.names[-1][:12] in app.text())
        ages = [_age(line) for line in app.text().splitlines() if "ip-" in line]
        assert sorted(age >= DEAD / 2 for age in ages) == [False, False, False, True]
        assert "<invalid>" not in app.text()
        await app.watching.watcher.stop()


def _alive(world: World) -> list[str]:
    return [f"kube-node-lease/{name}" for name in world.names[1:]]


def _age(line: str) -> int:
    """Return the seconds of the last age in a line of the table."""
    found = re.findall(r"\b(?:(\d+)m)?(\d+)s\b", line)
    minutes, seconds = found[-1]
    return int(minutes or 0) * 60 + int(seconds)


async def test_a_kubelet_that_dies_looks_dead_to_a_clock_that_is_behind(world: World) -> None:
    """Without a renewal its heartbeat gets older by the server's time, from its arrival on."""
    app = SkewedApp(world.kubeconfig, -70.0)
    async with app.run_test(size=(160, 48)):
        store, name = app.view.store, world.names[1]
        await until(lambda: store.lease_of(name) is not None and store.time.ahead < -60)
        lease = store.lease_of(name)
        assert lease is not None
        assert lease.renewed == pytest.approx(world.cluster.nodes[name].renewed, abs=1.0)
        app.later = 60.0
        await until(lambda: "4 No heartbeat" in app.text())
        await app.watching.watcher.stop()
