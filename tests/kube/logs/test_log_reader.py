"""Logs read from a server that fails: nothing twice, nothing lost unsaid."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from eksview.config.settings import Settings
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.logs.decode import decoded
from eksview.domain.logs.inbox import LogInbox, LogSource, SourcePhase
from eksview.domain.logs.line import LogLine, stamp_of, stamped, text_of
from eksview.domain.logs.request import LogRequest
from eksview.domain.logs.splitter import LONGEST
from eksview.engine.connect import open_cluster
from eksview.kube.logs import log_reader
from eksview.kube.logs.log_reader import LogReader
from eksview_demo.api.kubelet import pod_logs
from eksview_demo.cluster.build import build
from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.cluster.pods import container_logs
from eksview_demo.cluster.pods.container_logs import run_of
from eksview_demo.cluster.pods.containers import end_run, restart, start
from eksview_demo.cluster.pods.pod_state import PodState, Stage
from tests.demo.conftest import Time
from tests.demo.faults import Abort, Answer, Cut, FaultyServer
from tests.patience import until


class World:
    """A cluster behind a server, and what arrives of its logs."""

    def __init__(self, server: FaultyServer, kubeconfig: Path, time: Time) -> None:
        self.server = server
        self.cluster = server.cluster
        self.time = time
        self.inbox = LogInbox()
        self.lines: list[LogLine] = []
        self.sources: dict[int, LogSource] = {}
        self.state = ""
        self.more = 0
        self.tail: int | None = None
        self.previous = False
        self.resting: Callable[[], None] = lambda: None
        """Called whenever the reader waits before its next try."""
        self.waits: list[float] = []
        self._kubeconfig = kubeconfig

    @asynccontextmanager
    async def reading(
        self, ref: ObjectRef, container: str = "", context: str = ""
    ) -> AsyncIterator[None]:
        settings = Settings(kubeconfig=str(self._kubeconfig), context=context or None)
        async with await open_cluster(settings, {}) as connection:
            request = LogRequest(ref, tail=self.tail, previous=self.previous)
            reader = LogReader(connection, request, self.inbox, sleep=self._sleep)
            task = asyncio.create_task(reader.run())
            yield
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.resting()
        await asyncio.sleep(0.01)

    def look(self) -> bool:
        taken = self.inbox.take()
        self.lines += taken.lines
        self.sources |= {source.number: source for source in taken.sources}
        self.state, self.more = taken.state, taken.more
        return True

    def phase(self, number: int = 0) -> SourcePhase | None:
        self.look()
        source = self.sources.get(number)
        return source.phase if source else None

    @property
    def texts(self) -> list[bytes]:
        self.look()
        return [text_of(line) for line in self.lines if line[0] >= 0]

    @property
    def notices(self) -> list[str]:
        self.look()
        return [text_of(line).decode() for line in self.lines if line[0] < 0]

    def pod(self, name: str, stage: Stage = Stage.RUNNING) -> PodState:
        pods = self.cluster.pods.values()
        return next(pod for pod in pods if pod.workload.name == name and pod.stage is stage)

    def written(self, pod: PodState, container: str) -> list[bytes]:
        """All lines of a container by now, as the demo's kubelet has them."""
        run = run_of(pod, container, previous=False)
        return [line.text.rstrip(b"\n") for line in run.lines(self.time.now)]


def ref_of(pod: PodState) -> ObjectRef:
    return ObjectRef("v1", "Pod", "pods", pod.name, pod.workload.namespace)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    time = Time()
    cluster = DemoCluster(seed=7, clock=time)
    build(cluster, nodes=6, pods=60)
    server = FaultyServer(cluster)
    await server.start()
    path = tmp_path / "kubeconfig"
    server.write_kubeconfig(path)
    yield World(server, path, time)
    await server.stop()


async def test_a_stream_that_is_cut_is_read_on_without_a_line_twice_or_lost(world: World) -> None:
    pod, world.tail = world.pod("cart"), 200
    for after in (10, 0, 25):
        world.server.faults.add(Cut(after), path="/log")
    world.server.faults.add(Abort(40), path="/log")
    world.server.faults.add(Answer(503), path="/log")

    def rest() -> None:
        world.time.now += 5

    world.resting = rest
    async with world.reading(ref_of(pod)):
        await until(lambda: not world.server.faults.pending)
        world.resting = lambda: None
        await until(lambda: world.texts[-1:] == world.written(pod, "cart")[-1:])
    assert len(world.texts) > 200
    assert world.texts == world.written(pod, "cart")[-len(world.texts) :]
    assert world.notices == []
    stamps = [stamp_of(line) for line in world.lines]
    assert stamps == sorted(set(stamps))
    assert world.notices == []


async def test_a_log_that_was_rotated_while_the_server_was_away_says_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    pod = world.pod("cart")
    world.server.faults.add(Cut(2990), path="/log")

    def rotate() -> None:
        monkeypatch.setattr(container_logs, "KEPT", 5)
        world.time.now += 60

    world.resting = rotate
    async with world.reading(ref_of(pod)):
        await until(lambda: world.notices)
    assert world.notices[0] == "the log was rotated meanwhile; lines may be missing here"


@pytest.mark.parametrize("path", ["/log", "/deployments/cart"])
async def test_a_server_that_asks_for_patience_gets_it_and_its_sentence_leaves(
    world: World, path: str
) -> None:
    world.server.faults.add(Answer(429, retry_after=50), path=path)
    ref = ObjectRef("apps/v1", "Deployment", "deployments", "cart", "shop")
    async with world.reading(ref):
        await until(lambda: world.texts)
        await until(lambda: world.look() and not world.state)
    assert len([wait for wait in world.waits if 50 <= wait <= 55]) == 1


async def test_a_line_that_a_clean_end_cuts_is_read_whole(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The API server ends its answer as usual where it has lost the kubelet in the middle."""
    line = stamped(1_800_000_000, b"one whole line")
    pod = world.pod("cart")
    reads = 0

    async def printed(*_: object) -> AsyncIterator[list[bytes]]:
        nonlocal reads
        reads += 1
        yield [line[:-5] if reads < 3 else line + b"\n", b"" if reads < 3 else line[:31] + b"tail"]

    monkeypatch.setattr(pod_logs, "log_of", printed)
    async with world.reading(ref_of(pod), "cart"):
        await until(lambda: world.texts)
        world.cluster.remove_pod(pod)
        await until(lambda: world.phase() is SourcePhase.ENDED)
    assert world.texts == [b"one whole line", b"tail"]


async def test_a_line_of_10_mb_and_bytes_that_are_no_text_come_through_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = stamped(1_800_000_000, b"x" * 10_000_000)
    odd = stamped(1_800_000_001, b"nul \x00 bad \xff \x1b[31mred\x1b[0m \x1b]0;title\x07end")
    last = stamped(1_800_000_002, b"after")
    reads = 0

    async def printed(*_: object) -> AsyncIterator[list[bytes]]:
        nonlocal reads
        reads += 1
        yield [line + b"\n" for line in (long, odd, last)]

    monkeypatch.setattr(pod_logs, "log_of", printed)
    async with world.reading(ref_of(world.pod("cart")), "cart"):
        await until(lambda: reads > 2 and len(world.texts) >= 3)
    cut, strange, after = world.texts
    dropped = len(long) - LONGEST
    assert cut.endswith(f" … ({dropped:,} bytes of this line are left out)".encode())
    assert len(cut) < LONGEST + 200
    assert decoded(strange).text == "nul \\x00 bad \\xff red end"
    assert after == b"after"
    assert world.notices == []


async def test_a_container_that_has_not_started_is_waited_for_with_its_reason(
    world: World,
) -> None:
    pod = world.pod("cart")
    world.cluster.set_stage(pod, Stage.CREATING)
    async with world.reading(ref_of(pod)):
        await until(lambda: world.phase() is SourcePhase.WAITING)
        reason = world.sources[0].reason
        assert reason.startswith(f'container "cart" in pod "{pod.name}" is waiting to start: Cont')
        start(pod, world.time.now)
        world.cluster.set_stage(pod, Stage.RUNNING)
        world.time.now += 5
        await until(lambda: world.texts)
        assert world.phase() is SourcePhase.LIVE


async def test_a_pod_without_a_node_says_why_and_is_read_once_it_has_one(world: World) -> None:
    pod = world.pod("cart")
    node, pod.node = world.cluster.nodes[pod.node], ""
    pod.tried = "0/6 nodes are available: 6 Insufficient cpu."
    world.cluster.set_stage(pod, Stage.UNSCHEDULABLE)
    asked = len(world.server.faults.asked)
    async with world.reading(ref_of(pod)):
        await until(lambda: world.phase() is SourcePhase.WAITING)
        reason = world.sources[0].reason
        assert reason.startswith("Pending, Unschedulable: 0/"), reason
        assert reason == "Pending, Unschedulable: 0/6 nodes are available: 6 Insufficient cpu"
        assert world.notices == []
        requests = list(world.server.faults.asked)[asked:]
        assert [request.path.endswith("/log") for request in requests].count(True) == 1
        world.cluster.bind(pod, node)
        start(pod, world.time.now)
        world.cluster.set_stage(pod, Stage.RUNNING)
        world.time.now += 5
        await until(lambda: world.texts)
        assert world.phase() is SourcePhase.LIVE


async def test_an_evicted_pod_says_why_it_has_no_log(world: World) -> None:
    pod = world.pod("cart")
    world.cluster.set_stage(pod, Stage.EVICTED)
    async with world.reading(ref_of(pod)):
        await until(lambda: world.phase() is SourcePhase.ENDED)
    assert world.sources[0].reason.startswith("Failed, Evicted: "), world.sources[0].reason


async def test_a_pod_without_a_run_before_says_so_in_the_words_of_its_kubelet(
    world: World,
) -> None:
    """Source of the sentence: kubelet, `validateContainerLogStatus`."""
    pod, world.previous = world.pod("cart"), True
    world.cluster.set_stage(pod, Stage.COMPLETED)
    async with world.reading(ref_of(pod)):
        await until(lambda: world.phase() is SourcePhase.ENDED)
    box = pod.workload.boxes[0].name
    said = f'previous terminated container "{box}" in pod "{pod.name}" not found'
    assert world.sources[0].reason == f"{said}."


async def test_a_kubelet_that_knows_no_pod_does_not_make_it_deleted(world: World) -> None:
    pod = world.pod("cart")
    message = "the server could not find the requested resource ( pods/log cart)"
    world.server.faults.add(Answer(404, message=message), path="/log")
    phases: list[tuple[SourcePhase, str]] = []

    def resting() -> None:
        world.look()
        phases.append((world.sources[0].phase, world.sources[0].reason))

    world.resting = resting
    async with world.reading(ref_of(pod)):
        await until(lambda: world.texts)
    assert phases[0] == (SourcePhase.RETRYING, f"{message}.")
    assert world.notices == []


async def test_a_pod_that_is_deleted_while_it_is_followed_ends_its_log(world: World) -> None:
    pod = world.pod("cart")
    async with world.reading(ref_of(pod)):
        await until(lambda: world.phase() is SourcePhase.LIVE)
        world.cluster.remove_pod(pod)
        await until(lambda: world.phase() is SourcePhase.ENDED)
    assert world.sources[0].reason == "the pod was deleted"
    assert world.notices[-1] == "the pod was deleted"


async def test_a_container_that_fails_is_followed_into_its_next_run(world: World) -> None:
    pod = world.pod("cart")
    async with world.reading(ref_of(pod)):
        await until(lambda: world.phase() is SourcePhase.LIVE)
        world.cluster.set_stage(pod, Stage.ERROR)
        await until(lambda: "ended: Error, exit code 1" in world.notices)
        before = len(world.texts)
        end_run(pod)
        restart(pod, world.time.now)
        world.cluster.set_stage(pod, Stage.RUNNING)
        world.time.now += 10
        await until(lambda: len(world.texts) > before)
    assert world.notices[1:] == ["container started again"]


async def test_all_pods_of_a_node_are_read_and_a_new_one_joins_in(world: World) -> None:
    pod = world.pod("cart")
    node = world.cluster.nodes[pod.node]
    count = sum(
        len(each.workload.boxes) + (each.workload.init is not None)
        for each in world.cluster.pods_on(node)
    )
    async with world.reading(ObjectRef("v1", "Node", "nodes", node.name)):
        await until(lambda: world.look() and len(world.sources) == count)
        new = world.cluster.new_pod(pod.workload)
        world.cluster.add_pod(new)
        world.cluster.bind(new, node)
        start(new, world.time.now)
        world.cluster.set_stage(new, Stage.RUNNING)
        await until(lambda: world.look() and len(world.sources) == count + 1)
    assert world.sources[count].name == new.name


async def test_more_containers_than_are_read_at_once_are_counted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_reader, "MOST", 1)
    pod = world.pod("web")
    async with world.reading(ref_of(pod)):
        await until(lambda: world.look() and world.more == 1)
    assert len(world.sources) == 1


async def test_a_container_that_has_ended_gives_its_place_to_another_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_reader, "MOST", 1)
    monkeypatch.setattr(log_reader, "RARELY", 1e6)
    ref = ObjectRef("apps/v1", "Deployment", "deployments", "api", "shop")
    async with world.reading(ref):
        await until(lambda: world.phase(1) is SourcePhase.LIVE)
        name = world.sources[1].name
        pod = next(pod for pod in world.cluster.pods.values() if pod.name == name)
        world.cluster.set_stage(pod, Stage.ERROR)
        await until(lambda: world.phase(2) is SourcePhase.LIVE)
        world.cluster.remove_pod(pod)
        await until(lambda: world.phase(4) is SourcePhase.LIVE)
    read = [str(source.container) for source in world.sources.values()]
    assert read == ["migrate", "api", "envoy", "migrate", "api"]


async def test_pods_without_a_node_take_no_room_of_those_that_write(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    pod = world.pod("cart")
    pods = world.cluster.pods.values()
    writing = {each.name for each in pods if each.workload is pod.workload}
    monkeypatch.setattr(log_reader, "MOST", len(writing))
    for _ in range(20):
        world.cluster.add_pod(world.cluster.new_pod(pod.workload))
    ref = ObjectRef("apps/v1", "Deployment", "deployments", "cart", "shop")
    async with world.reading(ref):
        await until(lambda: world.look() and world.more)
    assert {str(source.name) for source in world.sources.values()} == writing


async def test_a_user_without_the_right_learns_which_is_missing(world: World) -> None:
    async with world.reading(ref_of(world.pod("cart")), context="eksview-demo-viewer"):
        await until(lambda: world.look() and world.state)
    assert "cannot" in world.state
    assert "pods" in world.state
