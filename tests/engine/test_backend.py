"""The backend: watches a cluster on its own thread and switches only to one that answers."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path

import pytest
import yaml

from eksview.config.settings import Settings
from eksview.domain.base.errors import UserError
from eksview.domain.base.reading import value_of
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Phase
from eksview.domain.rows.server import Target
from eksview.engine import backend
from eksview.engine.backend import KubeBackend
from eksview.kube.client.connection import Connection
from eksview.store.applier import Applier
from eksview.store.mailbox import Mailbox
from eksview.store.store import Store
from eksview_demo.cluster.build import build
from eksview_demo.cluster.cluster import DemoCluster
from tests.crowded_kubeconfig import write_crowded
from tests.demo.faults import FaultyServer
from tests.demo.thread import DemoThread
from tests.loop_clock import idle, skip
from tests.patience import until

API = "client.authentication.k8s.io/v1"


class Followed:
    """A backend that writes into a store, as in the dashboard."""

    def __init__(self, kubeconfig: Path) -> None:
        self.store = Store()
        applier = Applier(self.store, asyncio.get_running_loop())
        self.backend = KubeBackend(Settings(kubeconfig=str(kubeconfig)), applier.mailbox)

    async def until(self, condition: Callable[[Store], bool]) -> None:
        await until(lambda: condition(self.store))

    def phase(self, name: str) -> Phase | None:
        link = self.store.links.get(name)
        return link.phase if link else None


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[DemoThread]:
    cluster = DemoCluster(seed=5)
    build(cluster, nodes=4, pods=30)
    with DemoThread(FaultyServer(cluster)) as thread:
        thread.write_kubeconfig(tmp_path / "kubeconfig")
        yield thread


@pytest.fixture
async def followed(demo: DemoThread, tmp_path: Path) -> AsyncIterator[Followed]:
    followed = Followed(tmp_path / "kubeconfig")
    followed.backend.start()
    await followed.until(lambda store: len(store.pods) == 30 and len(store.nodes) == 4)
    yield followed
    followed.backend.stop()


async def test_every_table_and_fact_arrives(followed: Followed) -> None:
    wanted = {"readyz", "livez", "version", "identity", "target", "leases"}
    await followed.until(lambda store: wanted <= {key.name for key, _ in store.facts})
    assert any(True for _ in followed.store.system_leases())
    assert followed.store.lease_of(next(iter(followed.store.nodes))) is not None


async def test_a_whole_object_is_fetched_when_asked_for(followed: Followed) -> None:
    name = next(iter(followed.store.nodes))
    node = await followed.backend.fetch(Kind.NODE, name)
    assert node["metadata"]["name"] == name
    with pytest.raises(UserError, match="not found"):
        await followed.backend.fetch(Kind.NODE, "gone")


async def test_another_context_is_followed_once_it_has_answered(followed: Followed) -> None:
    await followed.backend.switch("eksview-demo-viewer")
    await followed.until(lambda store: len(store.nodes) == 4)
    await followed.until(lambda _: followed.phase("pods") is Phase.REFUSED)
    target = value_of(followed.store.facts.target)
    assert isinstance(target, Target)
    assert target.context == "eksview-demo-viewer"
    assert not followed.store.pods


async def test_a_context_that_does_not_answer_leaves_everything_as_it_is(
    followed: Followed,
) -> None:
    with pytest.raises(UserError, match="Connection refused by"):
        await followed.backend.switch("eksview-demo-down")
    with pytest.raises(UserError, match="no context 'nonsense'"):
        await followed.backend.switch("nonsense")
    assert len(followed.store.pods) == 30
    assert followed.phase("pods") is Phase.LIVE


async def test_no_context_is_current_while_a_cluster_is_shown_by_its_name(tmp_path: Path) -> None:
    path = write_crowded(tmp_path / "config", 3)
    environ, mailbox = {"KUBECONFIG": str(path)}, Mailbox(lambda: None)
    for settings, current in ((Settings(), 1), (Settings(cluster="prod"), 0)):
        chosen = KubeBackend(settings, mailbox, environ)
        assert sum(context.current for context in await chosen.contexts()) == current


def add_plugin(kubeconfig: Path, runs: Path) -> str:
    """Add a context whose credential plugin writes a line for each run; return its name."""
    config = yaml.safe_load(kubeconfig.read_text())
    token = config["users"][0]["user"]["token"]
    answer = json.dumps({"kind": "ExecCredential", "apiVersion": API, "status": {"token": token}})
    plugin = {
        "apiVersion": API,
        "command": "sh",
        "args": ["-c", f"echo run >> {runs}; echo '{answer}'"],
        "interactiveMode": "Never",
    }
    context = config["contexts"][0]["context"] | {"user": "plugin"}
    config["users"].append({"name": "plugin", "user": {"exec": plugin}})
    config["contexts"].append({"name": "plugin", "context": context})
    kubeconfig.write_text(yaml.safe_dump(config))
    return "plugin"


async def test_a_switch_opens_the_cluster_and_runs_its_plugin_once(
    followed: Followed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = add_plugin(tmp_path / "kubeconfig", tmp_path / "runs")
    opened, open_cluster = [], backend.open_cluster

    async def counted(settings: Settings, environ: Mapping[str, str]) -> Connection:
        opened.append(settings.context)
        return await open_cluster(settings, environ)

    monkeypatch.setattr(backend, "open_cluster", counted)
    await followed.backend.switch(context)
    await followed.until(lambda store: len(store.pods) == 30 and len(store.nodes) == 4)
    assert opened == [context]
    assert (tmp_path / "runs").read_text() == "run\n"


async def later() -> None:
    """Let the time pass, on the data loop, for which the old links delay their last messages."""
    skip(5.0)
    await idle()


async def test_nothing_of_the_old_cluster_is_told_after_a_switch(followed: Followed) -> None:
    await followed.backend.switch("eksview-demo-viewer")
    await followed.until(lambda _: followed.phase("pods") is Phase.REFUSED)
    await asyncio.wrap_future(followed.backend._loop.submit(later()))
    await idle()
    skip(1.0)  # the applier takes its next batch only after its period
    await idle()
    assert followed.phase("pods") is Phase.REFUSED


async def test_a_refresh_reads_again_without_losing_a_row(
    followed: Followed, demo: DemoThread
) -> None:
    requests = demo.server.faults.asked
    before = sum(ask.verb == "watchlist" for ask in requests)
    followed.backend.refresh()
    await followed.until(lambda _: sum(ask.verb == "watchlist" for ask in requests) >= before + 5)
    assert len(followed.store.pods) == 30


async def test_a_kubeconfig_that_leads_nowhere_is_said_and_read_again(
    demo: DemoThread, tmp_path: Path
) -> None:
    followed = Followed(tmp_path / "later")
    followed.backend.start()
    await followed.until(lambda _: followed.phase("nodes") is Phase.RETRYING)
    assert "no kubeconfig at" in followed.store.links["nodes"].reason
    demo.write_kubeconfig(tmp_path / "later")
    await followed.until(lambda store: len(store.nodes) == 4)
    followed.backend.stop()


async def test_it_can_be_stopped_before_it_was_started(tmp_path: Path) -> None:
    Followed(tmp_path / "none").backend.stop()
