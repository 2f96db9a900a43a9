"""Usage over time through the API server's proxy, on the demo's Prometheus and on faulty ones."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from botocore.awsrequest import AWSRequest
from botocore.session import Session

from eksview.aws.client.signing import signed_headers
from eksview.config.settings import Settings
from eksview.domain.base.errors import UserError
from eksview.domain.history.prometheus import MOST_BYTES, UsageHistory
from eksview.domain.kube.object_ref import ObjectRef
from eksview.engine.connect import open_cluster
from eksview.engine.history import read_history
from eksview_demo.cluster.build import build
from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.cluster.load import node_load_at
from tests.demo.conftest import Time
from tests.demo.faults import Answer, FaultyServer


class Past:
    """A cluster, and the usage of its objects as eksview reads it."""

    def __init__(self, server: FaultyServer, kubeconfig: Path, time: Time) -> None:
        self.server, self.cluster, self.time = server, server.cluster, time
        self._kubeconfig = str(kubeconfig)

    async def read(self, ref: ObjectRef, where: str = "", context: str = "") -> UsageHistory:
        settings = Settings(kubeconfig=self._kubeconfig, context=context or None, prometheus=where)
        async with await open_cluster(settings, {}) as connection:
            return await read_history(connection, ref, "", settings, {}, self.time)

    @property
    def node(self) -> ObjectRef:
        name = next(node.name for node in self.cluster.nodes.values() if not node.silent)
        return ObjectRef("v1", "Node", "nodes", name)


@pytest.fixture
async def past(tmp_path: Path) -> AsyncIterator[Past]:
    time = Time()
    cluster = DemoCluster(seed=7, clock=time)
    build(cluster, nodes=6, pods=40)
    server = FaultyServer(cluster)
    await server.start()
    path = tmp_path / "kubeconfig"
    server.write_kubeconfig(path)
    yield Past(server, path, time)
    await server.stop()


async def test_the_clusters_own_prometheus_is_found_and_has_the_figures(past: Past) -> None:
    history = await past.read(past.node)
    assert "prometheus" in history.source
    assert [series.window.label for series in history.cpu] == ["last hour", "last day", "last week"]
    at, cores = history.cpu[0].points[-1]
    load = node_load_at(past.cluster.nodes[past.node.name], at)
    assert load is not None
    assert cores == pytest.approx(load.cpu / 1000, rel=1e-4)
    assert history.memory[0].points[-1][1] == pytest.approx(load.memory * 2**20, rel=1e-4)


async def test_a_service_that_is_named_is_read(past: Past) -> None:
    where = "monitoring/kube-prometheus-stack-prometheus:9090"
    assert (await past.read(past.node, where)).cpu[0].points


async def test_a_user_who_may_not_is_told_the_rule(past: Past) -> None:
    where = "monitoring/kube-prometheus-stack-prometheus:9090"
    with pytest.raises(UserError, match="services/proxy"):
        await past.read(past.node, where, "eksview-demo-viewer")


async def test_an_error_of_the_query_is_shown_in_the_words_of_prometheus(past: Past) -> None:
    error = {"status": "error", "errorType": "execution", "error": "query processing would load"}
    past.server.faults.add(Answer(422, body=json.dumps(error).encode()), path="query_range")
    with pytest.raises(UserError, match="query processing would load"):
        await past.read(past.node)


async def test_a_web_page_instead_of_prometheus_is_said(past: Past) -> None:
    page = Answer(200, body=b"<html>Sign in</html>", content_type="text/html")
    past.server.faults.add(page, path="query_range")
    with pytest.raises(UserError, match="web page"):
        await past.read(past.node)


async def test_millions_of_samples_are_read_no_further_than_the_limit(past: Past) -> None:
    past.server.faults.add(Answer(200, body=b'{"x":"' + b"1" * MOST_BYTES * 2), path="query_range")
    with pytest.raises(UserError, match="longer than 2 MiB"):
        await past.read(past.node)


async def test_a_request_to_amazon_managed_prometheus_is_signed_for_its_service() -> None:
    class Signer:
        """A session with fixed keys."""

        async def credentials(self) -> "Signer":
            return self

        async def get_frozen_credentials(self) -> object:
            session = Session()
            session.set_credentials("AKIDEXAMPLE", "secret", "token")
            return session.get_credentials().get_frozen_credentials()

    url = (
        "https://aps-workspaces.us-west-2.amazonaws.com/workspaces/ws-1/api/v1/query_range?query=up"
    )
    headers = await signed_headers(Signer(), url, "us-west-2")  # type: ignore[arg-type]
    assert "/us-west-2/aps/aws4_request" in headers["Authorization"]
    assert headers["X-Amz-Security-Token"] == "token"
    assert AWSRequest("GET", url).url == url
