"""The poll of the usage of pods: only while a screen shows some, and only of its namespace."""

import asyncio

import pytest

from eksview.domain.live.messages import Fanout
from eksview.domain.live.polled import POD_USAGE
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Phase
from eksview.kube.cluster_watcher import ClusterWatcher
from eksview_demo.cluster.pods.pod_state import Stage
from tests.demo.faults import Answer
from tests.kube.test_cluster_watcher import never, refuse
from tests.kube.world import World
from tests.patience import until

PATH = "metrics.k8s.io/v1beta1"


class Turns:
    """A sleep that ends when the test says so."""

    def __init__(self) -> None:
        self._end = asyncio.Event()

    async def __call__(self, _: float) -> None:
        await self._end.wait()

    def end(self) -> None:
        self._end.set()
        self._end = asyncio.Event()


def phase(world: World) -> Phase | None:
    link = world.sink.links.get(POD_USAGE)
    return link.phase if link else None


def read(world: World) -> set[str]:
    return set(world.sink.tables[Kind.POD_USAGE])


def asked(world: World) -> list[str]:
    paths = (ask.path for ask in world.server.faults.asked)
    return [path.partition(PATH)[2] for path in paths if PATH in path and path.endswith("pods")]


def running(world: World, namespace: str = "") -> set[str]:
    return {
        key
        for key, pod in world.cluster.pods.items()
        if pod.stage is Stage.RUNNING and namespace in ("", pod.workload.namespace)
    }


async def test_it_is_read_while_it_is_shown_and_forgotten_after(world: World) -> None:
    sleep = Turns()
    watcher = ClusterWatcher(world.connect(), Fanout(world.sink), sleep=sleep)
    watcher.start()
    await until(lambda: world.sink.links.get("usage") is not None)
    assert (phase(world), asked(world)) == (None, [])
    watcher.follow_usage("shop")
    await until(lambda: phase(world) is Phase.LIVE)
    assert read(world) == running(world, "shop")
    assert asked(world) == ["/namespaces/shop/pods"]
    watcher.follow_usage("")  # another screen
    await until(lambda: read(world) == running(world))
    watcher.leave_usage("")
    watcher.leave_usage("shop")
    before = len(asked(world))
    assert read(world)  # going back within the period costs no request
    sleep.end()
    await until(lambda: phase(world) is Phase.OFF)
    assert (read(world), len(asked(world))) == (set(), before)
    watcher.follow_usage("shop")
    await until(lambda: read(world) == running(world, "shop"))
    await watcher.refresh()
    await until(lambda: len(asked(world)) == before + 2)
    await watcher.stop()


async def followed(world: World) -> ClusterWatcher:
    watcher = ClusterWatcher(world.connect(), Fanout(world.sink), sleep=never)
    watcher.start()
    watcher.follow_usage("")
    return watcher


async def test_a_refusal_names_the_missing_rule(world: World) -> None:
    world.server.faults.add(
        Answer(403, message="pods.metrics.k8s.io is forbidden"), path=PATH, times=None
    )
    watcher = await followed(world)
    await until(lambda: phase(world) is Phase.REFUSED)
    missing = world.sink.links[POD_USAGE].missing
    assert missing is not None
    assert (missing.verb, missing.resource, missing.group) == ("list", "pods", "metrics.k8s.io")
    assert read(world) == set()
    await watcher.stop()


async def test_without_metrics_server_it_is_off_and_while_it_is_down_it_is_tried(
    world: World,
) -> None:
    gone = Answer(404, message="the server could not find the requested resource")
    world.server.faults.add(gone, path=PATH, times=None)
    watcher = await followed(world)
    await until(lambda: phase(world) is Phase.OFF)
    world.server.faults.clear()
    down = Answer(503, message="the server is currently unable to handle the request")
    world.server.faults.add(down, path=PATH, times=None)
    await watcher.refresh()
    await until(lambda: phase(world) is Phase.RETRYING)
    assert "unable to handle the request" in world.sink.links[POD_USAGE].reason
    await watcher.stop()


@pytest.mark.parametrize(
    "body",
    [b'{"kind":"PodMetricsList","items":7}', b"<html>", b'{"kind":"NodeMetricsList","items":[]}'],
)
async def test_an_answer_of_something_else_is_no_usage(world: World, body: bytes) -> None:
    world.server.faults.add(Answer(200, body=body), path=f"{PATH}/pods", times=None)
    watcher = await followed(world)
    await until(lambda: phase(world) is Phase.RETRYING)
    assert "isn't a list" in world.sink.links[POD_USAGE].reason
    await watcher.stop()


async def test_who_may_read_some_namespaces_has_the_usage_of_those(world: World) -> None:
    refuse(world, namespaces=True)
    watcher = ClusterWatcher(world.connect(), Fanout(world.sink), sleep=never)
    watcher.start()
    await world.level()
    assert "," in world.sink.links["pods"].only
    watcher.follow_usage("")
    await until(lambda: phase(world) is Phase.LIVE)
    assert "/pods" not in asked(world)  # of the whole cluster
    assert read(world) == running(world)
    await watcher.stop()
