"""A word means the resource that kubectl takes it for, and a group that fails costs no other."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from eksview.config.settings import Settings
from eksview.domain.kube.api_resource import ApiResources, unknown_resource
from eksview.kube.client.connection import Connection
from eksview.kube.client.kubeconfig.merged import locate
from eksview.kube.discovery import Discovery, read_resources
from tests.cli.credential_programs import kubeconfig
from tests.cli.http_server import serving
from tests.kube.discovery_server import WORDS, DiscoveryHandler
from tests.patience import PATIENCE


class Server:
    """The handler's class, with the kubeconfig that leads to it."""

    def __init__(self, env: dict[str, str], handler: type[DiscoveryHandler]) -> None:
        self.env = env
        self.handler = handler

    def connect(self) -> Connection:
        return Connection(locate(Settings(kubeconfig=self.env["KUBECONFIG"])))

    async def resources(self) -> ApiResources:
        async with self.connect() as connection:
            return await read_resources(connection)

    def kubectl(self, word: str) -> str:
        """Return the path of the list that `kubectl get WORD` reads; empty if it knows none."""
        del self.handler.asked[:]
        done = subprocess.run(
            ["kubectl", "get", word, "-A", "-o", "name"],
            check=False,
            capture_output=True,
            timeout=PATIENCE,
            env={"PATH": os.environ["PATH"], **self.env},
        )
        return self.handler.asked[-1] if done.returncode == 0 else ""


@pytest.fixture(params=["aggregated", "by group"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    class Handler(DiscoveryHandler):
        aggregated = request.param == "aggregated"
        asked: list[str] = []  # noqa: RUF012 - one for each server

    with serving(Handler) as url:
        yield Server(kubeconfig(tmp_path, {}, server=url), Handler)


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is missing")
async def test_a_word_means_what_kubectl_takes_it_for(server: Server) -> None:
    resources = await server.resources()
    wrong = {}
    for word in WORDS:
        found, theirs = resources.find(word), server.kubectl(word)
        ours = found.path() if found else ""
        if ours != theirs:
            wrong[word] = (ours, theirs)
    assert wrong == {}


async def test_a_group_may_stand_before_a_name_too(server: Server) -> None:
    resources = await server.resources()
    paths = {
        "apps/deployments": "/apis/apps/v1/deployments",
        "apps/v1/Deployment": "/apis/apps/v1/deployments",
        "serving.knative.dev/svc": None,
        "serving.knative.dev/ksvc": "/apis/serving.knative.dev/v1/services",
        "v1/pods": "/api/v1/pods",
        "metrics.k8s.io/pods": "/apis/metrics.k8s.io/v1beta1/pods",
    }
    found = {word: resources.find(word) for word in paths}
    assert {word: each and each.path() for word, each in found.items()} == paths


async def test_a_category_has_each_resource_once_in_its_preferred_version(server: Server) -> None:
    """Source: client-go's discoveryCategoryExpander."""
    names = [each.qualified for each in (await server.resources()).category("all")]
    assert names == [
        "pods", "services", "deployments.apps", "horizontalpodautoscalers.autoscaling",
        "services.serving.knative.dev",
    ]  # fmt: skip


async def test_a_group_that_fails_is_named_and_the_others_work(server: Server) -> None:
    server.handler.stale = server.handler.down = frozenset({"metrics.k8s.io"})
    resources = await server.resources()
    assert [each.api for each in resources.unread] == ["metrics.k8s.io/v1beta1"]
    assert resources.unread[0].reason
    assert resources.find("pods.metrics.k8s.io") is None
    assert resources.find("ksvc") is not None
    assert "couldn't read metrics.k8s.io/v1beta1" in unknown_resource(resources, "podmetrics")


async def test_the_server_is_asked_once_until_it_is_to_be_asked_again(server: Server) -> None:
    async with server.connect() as connection:
        discovery = Discovery(connection)
        first = await discovery.resources()
        asked = len(server.handler.asked)
        assert await discovery.resources() is first
        assert len(server.handler.asked) == asked
        assert await discovery.resources(again=True) == first
        assert len(server.handler.asked) == 2 * asked
        discovery.forget()
        await discovery.resources()
        assert len(server.handler.asked) == 3 * asked
