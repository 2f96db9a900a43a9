"""Usage over time through the API server's proxy, on the demo's Prometheus and on faulty ones."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials, ReadOnlyCredentials

from eksview.aws.client.signing import signed_headers
from eksview.config.settings import Settings
from eksview.domain.base.errors import UserError
from eksview.domain.history.prometheus import MOST_BYTES, Endpoint, UsageHistory
from eksview.domain.kube.object_ref import ObjectRef
from eksview.engine.connect import open_cluster
from eksview.engine.history import read_history
from eksview.kube.history import LIMIT, HistoryReader
from eksview_demo.cluster.build import build
from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.cluster.load import node_load_at
from tests.demo.conftest import Time
from tests.demo.faults import Answer, FaultyServer, Hang


class Past:
    """A cluster, and the usage of its objects as eksview reads it."""

    def __init__(self, server: FaultyServer, kubeconfig: Path, time: Time) -> None:
        self.server, self.cluster, self.time = server, server.cluster, time
        self.kubeconfig = str(kubeconfig)

    async def read(self, ref: ObjectRef, where: str = "", context: str = "") -> UsageHistory:
        settings = Settings(kubeconfig=self.kubeconfig, context=context or None, prometheus=where)
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


@pytest.mark.parametrize("where", ["service", "url"])
async def test_a_prometheus_that_hangs_is_given_up_and_named(past: Past, where: str) -> None:
    path = "/api/v1/namespaces/monitoring/services/prometheus:web/proxy"
    async with silence() as url:
        endpoint = Endpoint(url=url) if where == "url" else Endpoint(path=path)
        past.server.faults.add(Hang(), path="query_range")
        with pytest.raises(UserError) as told:
            await history_at(past, endpoint, limit=0.1)
    past.server.faults.clear()
    assert told.value.sentence == (
        f"Prometheus ({endpoint.name}) didn't answer the query of the last hour within 0.1 s: it "
        "is busy, or something in between hangs."
    )


@asynccontextmanager
async def silence() -> AsyncIterator[str]:
    """The URL of a server that accepts connections and never answers."""
    held: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda _, writer: held.append(writer), "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()
    for writer in held:
        writer.close()


KEYS = Credentials("AKIDEXAMPLE", "secret", "token")


class Signer:
    """A session with fixed keys."""

    async def credentials(self) -> "Signer":
        return self

    async def get_frozen_credentials(self) -> ReadOnlyCredentials:
        return KEYS.get_frozen_credentials()


async def sign(url: str, region: str) -> Mapping[str, str]:
    return await signed_headers(Signer(), url, region)  # type: ignore[arg-type]


def signature_of(request: web.BaseRequest, region: str) -> str:
    """Return the signature that AWS expects of a request, as botocore makes it."""
    signer = SigV4Auth(KEYS, "aps", region)
    url = f"https://{request.host}{request.raw_path}"
    signed = AWSRequest("GET", url, {"X-Amz-Security-Token": KEYS.token})
    signed.headers["X-Amz-Date"] = request.headers["X-Amz-Date"]
    signed.context["timestamp"] = request.headers["X-Amz-Date"]
    text = signer.string_to_sign(signed, signer.canonical_request(signed))
    return str(signer.signature(text, signed))


class Workspace:
    """Amazon Managed Prometheus: refuses what isn't signed, and answers as Prometheus does."""

    def __init__(self, region: str) -> None:
        self.region = region
        self.answered: list[str] = []

    async def answer(self, request: web.BaseRequest) -> web.Response:
        signature = request.headers.get("Authorization", "").rpartition("Signature=")[2]
        if self.region and signature != signature_of(request, self.region):
            return web.json_response({"message": "Missing Authentication Token"}, status=403)
        self.answered.append(request.path)
        values = [[float(request.query["end"]), "1.25"]]
        data = {"resultType": "matrix", "result": [{"metric": {}, "values": values}]}
        return web.json_response({"status": "success", "data": data})


@asynccontextmanager
async def workspace(region: str) -> AsyncIterator[tuple[Workspace, str]]:
    """A local one, and its URL."""
    service = Workspace(region)
    app = web.Application()
    app.router.add_get("/{path:.*}", service.answer)
    async with TestServer(app) as server:
        yield service, str(server.make_url("/workspaces/ws-1"))


async def history_at(past: Past, endpoint: Endpoint, limit: float = LIMIT) -> UsageHistory:
    settings = Settings(kubeconfig=past.kubeconfig)
    async with await open_cluster(settings, {}) as connection:
        reader = HistoryReader(connection, endpoint, sign, limit)
        return await reader.read(past.node, "", past.time())


async def test_amazon_managed_prometheus_is_read_with_a_signature_that_it_accepts(
    past: Past,
) -> None:
    async with workspace("us-west-2") as (service, url):
        history = await history_at(past, Endpoint(url=url, region="us-west-2"))
        assert [series.points[0][1] for series in (*history.cpu, *history.memory)] == [1.25] * 6
        assert service.answered == ["/workspaces/ws-1/api/v1/query_range"] * 6
        with pytest.raises(UserError, match="answered 403: check its URL and access"):
            await history_at(past, Endpoint(url=url, region="eu-west-1"))


async def test_a_prometheus_at_a_url_is_read_without_a_signature(past: Past) -> None:
    async with workspace("") as (service, url):
        history = await past.read(past.node, url)
        assert history.cpu[0].points[0][1] == 1.25
        assert history.source == url
        assert len(service.answered) == 6
