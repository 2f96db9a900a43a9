"""A cluster of ECS opened without Kubernetes, by --ecs-cluster."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from eksview.config.settings import Settings
from eksview.domain.aws.poll_plan import ECS, ECS_PLANS, PLANS, STS
from eksview.domain.base.errors import UserError
from eksview.domain.base.reading import value_of
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.logs.request import LogRequest
from eksview.domain.rows.ecs import EcsClusterRow, EcsTaskRow
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Phase
from eksview.engine import aws_source
from eksview.engine.backend import NO_KUBERNETES, KubeBackend
from eksview.store.applier import Applier
from eksview.store.store import Store
from tests.aws.ecs.ecs_world import EcsWorld
from tests.patience import until

NOWHERE = {"AWS_CONFIG_FILE": "/nowhere", "AWS_SHARED_CREDENTIALS_FILE": "/nowhere"}


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> EcsWorld:
    world = EcsWorld("web", "batch")
    world.run("1")
    world.run("2", cluster="batch")
    monkeypatch.setattr(aws_source, "_open_session", lambda *_: world.session)
    return world


class Opened:
    """A backend that was opened for an ECS cluster, and its store."""

    def __init__(self, environ: Mapping[str, str], **settings: Any) -> None:
        self.store = Store()
        applier = Applier(self.store, asyncio.get_running_loop())
        chosen = Settings(**({"ecs_cluster": "web", "region": "us-west-2"} | settings))
        self.backend = KubeBackend(chosen, applier.mailbox, {**NOWHERE, **environ})

    def phase(self, name: str) -> Phase | None:
        link = self.store.links.get(name)
        return link.phase if link else None

    def reason(self, name: str) -> str:
        return self.store.links[name].reason

    def clusters_of_tasks(self) -> set[str]:
        return {row.cluster for row in self.store.table(EcsTaskRow).values()}


@asynccontextmanager
async def opened(tmp_path: Path, **settings: Any) -> AsyncIterator[Opened]:
    found = Opened({"HOME": str(tmp_path)}, **settings)
    found.backend.start()
    try:
        yield found
    finally:
        found.backend.stop()


async def test_the_cluster_is_read_without_a_kubeconfig(world: EcsWorld, tmp_path: Path) -> None:
    async with opened(tmp_path) as found:
        await until(lambda: all(found.phase(name) is Phase.LIVE for name in ECS_PLANS))
        await until(lambda: found.clusters_of_tasks() == {"web"})
        await until(lambda: value_of(found.store.facts.aws_identity) is not None)
        assert [row.name for row in found.store.table(EcsClusterRow).values()] == ["web"]
        others = PLANS.keys() - {STS}
        assert {found.phase(name) for name in others} == {Phase.OFF}
        assert found.phase("nodes") is found.phase("health") is Phase.OFF
        assert found.reason("nodes") == NO_KUBERNETES
    services = {action.partition(":")[0] for action, _ in world.session.calls}
    assert services <= {"sts", "ecs", "ec2", "autoscaling"}
    assert not world.session.made("ec2:DescribeInstanceStatus")


async def test_it_stays_read_while_screens_come_and_go(world: EcsWorld, tmp_path: Path) -> None:
    async with opened(tmp_path) as found:
        await until(lambda: found.clusters_of_tasks() == {"web"})
        found.backend.follow_ecs("batch")
        found.backend.follow_ecs("web")
        await until(lambda: found.clusters_of_tasks() == {"web", "batch"})
        found.backend.leave_ecs("web")
        found.backend.leave_ecs(f"{world.prefix}cluster/batch")  # the same cluster by its ARN
        await until(lambda: found.clusters_of_tasks() == {"web"})


async def test_what_needs_kubernetes_says_that_there_is_none(
    world: EcsWorld, tmp_path: Path
) -> None:
    async with opened(tmp_path) as found:
        await until(lambda: found.phase(ECS) is Phase.LIVE)
        backend, pod = found.backend, ObjectRef("v1", "Pod", "default", "a")
        for ask in (
            backend.fetch(Kind.NODE, "a"),
            backend.configz("a"),
            backend.resources(),
            backend.fetch_object(pod),
            backend.timings(),
            backend.drain_facts("a"),
        ):
            with pytest.raises(UserError, match=NO_KUBERNETES):
                await ask
        backend.follow_pods("a")  # and what returns at once does nothing
        backend.show_usage("")
        backend.inspect()
        backend.refresh()
        inbox = backend.read_logs(LogRequest(pod))
        await until(lambda: NO_KUBERNETES in inbox.take().state)
        inbox.close()


async def test_a_cluster_that_does_not_exist_is_said(world: EcsWorld, tmp_path: Path) -> None:
    async with opened(tmp_path, ecs_cluster="typo") as found:
        sentence = "There is no ECS cluster typo in us-west-2."
        await until(lambda: found.phase(ECS) is not None and found.reason(ECS) == sentence)


async def test_a_missing_region_is_said_on_every_link(world: EcsWorld, tmp_path: Path) -> None:
    async with opened(tmp_path, region=None) as found:
        await until(lambda: all(found.phase(name) is Phase.OFF for name in ECS_PLANS))
        assert "--region" in found.reason(ECS)
        assert not world.session.calls


async def test_the_region_of_the_profile_is_taken(
    world: EcsWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config"
    config.write_text("[profile ops]\nregion = eu-west-1\n")
    monkeypatch.setitem(NOWHERE, "AWS_CONFIG_FILE", str(config))
    async with opened(tmp_path, region=None, profile="ops", ecs_cluster="typo") as found:
        await until(lambda: found.phase(ECS) is Phase.RETRYING and found.reason(ECS) != "")
        assert "eu-west-1" in found.reason(ECS)
