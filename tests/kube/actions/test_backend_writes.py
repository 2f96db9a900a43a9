"""Without --allow-writes, and over a shared view, nothing but reads and reviews leaves eksview."""

import pytest

from eksview.config.settings import Settings
from eksview.domain.actions.change import cordon, delete, evict, restart, scale
from eksview.domain.base.errors import UserError
from eksview.domain.kube.object_ref import ObjectRef
from eksview.engine.backend import KubeBackend, WatchedCluster
from eksview.sshserver.backend import SharedBackend
from eksview.sshserver.fanout import ViewerFanout
from tests.ui.harness import FakeBackend

REF = ObjectRef("apps/v1", "Deployment", "deployments", "web", "shop")
CHANGES = (
    cordon(REF, on=True), cordon(REF, on=False), delete(REF), evict(REF), restart(REF, "now"),
    scale(REF, 3),
)  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
async def test_a_read_only_backend_refuses_before_anything_is_sent(change) -> None:
    backend = KubeBackend(Settings(), FakeSink(), {})
    with pytest.raises(UserError, match="Start eksview with --allow-writes"):
        await backend.act(change, "https://prod.example.com")
    backend._loop._loop.close()  # it was never started


@pytest.mark.parametrize("change", CHANGES)
async def test_a_shared_view_refuses_also_where_the_server_allows_writes(change) -> None:
    inner = FakeBackend()
    shared = SharedBackend(inner, ViewerFanout(), FakeSink())
    with pytest.raises(UserError, match="A view that is served changes nothing"):
        await shared.act(change, "https://prod.example.com")
    assert inner.changes == []


async def test_a_change_for_another_cluster_is_not_sent() -> None:
    cluster = WatchedCluster(Settings(allow_writes=True), FakeSink(), {})
    cluster._watcher = OtherCluster()
    with pytest.raises(UserError, match="Nothing was changed: another cluster is shown by now"):
        await cluster.requests.act(CHANGES[0], "https://prod.example.com")


class FakeSink:
    def send(self, message: object, /) -> None:
        raise AssertionError(message)


class OtherCluster:
    """The watcher of a cluster that was switched to meanwhile; a request would fail the test."""

    class target:  # noqa: N801
        server = "https://staging.example.com"

    @property
    def connection(self) -> "OtherCluster":
        return self

    def on_behalf_of(self, purpose: str) -> "OtherCluster":
        return self
