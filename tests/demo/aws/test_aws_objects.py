"""What ties the demo cluster to its AWS account: aws-auth, NodeClaims, certificates, metrics."""

import base64

import msgspec
import pytest
from cryptography import x509

from eksview.domain.access.aws_auth import parse
from eksview.domain.access.iam_map import table
from eksview.domain.access.iam_mapping import MappingSources
from eksview.domain.access.node_role import judge_role
from eksview.domain.base.reading import Read
from eksview.domain.control_plane.eks_metrics import controller_metrics, scheduler_metrics
from eksview.domain.resources.certificatesigningrequests import RESOURCE as SIGNING
from eksview.domain.resources.nodeclaims import RESOURCE as NODECLAIMS
from eksview_demo.aws import account
from eksview_demo.cluster import csr
from eksview_demo.cluster.build import Builder
from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.life import story
from eksview_demo.life.engine import Life
from tests.demo.conftest import Client, Time
from tests.demo.life.test_engine import live

MAP = "/api/v1/namespaces/kube-system/configmaps/aws-auth"
CLAIMS = "/apis/karpenter.sh/v1/nodeclaims"
REQUESTS = "/apis/certificates.k8s.io/v1/certificatesigningrequests"
METRICS = "/apis/metrics.eks.amazonaws.com/v1/{}/container/metrics"
TABLE = {"Accept": "application/json;as=Table;v=v1;g=meta.k8s.io"}


async def body(client: Client, path: str, query: dict[str, str] | None = None) -> bytes:
    async with client.request(path, query) as response:
        assert response.status == 200
        return bytes(await response.read())


async def test_aws_auth_lets_in_every_node_role_but_the_canarys(
    client: Client, cluster: DemoCluster
) -> None:
    auth = parse((await client.get(MAP))["data"], 0.0)
    assert auth.faults == ()
    joined = {node.group.name for node in cluster.nodes.values() if node.group.kind != "fargate"}
    sources = MappingSources(mode="CONFIG_MAP", auth=Read(auth, 0.0))
    for group in joined:
        assert judge_role(account.role(group), "linux", sources).authorized, group
    canary = account.role(account.CANARY)
    assert judge_role(canary, "linux", sources).authorized is False


async def test_a_slip_in_aws_auth_is_there_to_be_found(client: Client) -> None:
    auth = parse((await client.get(MAP))["data"], 0.0)
    rows = table(MappingSources(mode="CONFIG_MAP", auth=Read(auth, 0.0)))
    faults = {row.principal.rsplit("/", 1)[-1]: row.faults for row in rows if row.faults}
    assert list(faults) == ["eksview-demo-oncall"]
    assert "an ARN with a path" in faults["eksview-demo-oncall"][0]


async def test_every_node_of_a_pool_has_its_claim(client: Client, cluster: DemoCluster) -> None:
    rows, _ = NODECLAIMS.page(await body(client, CLAIMS))
    pooled = {node.name: node for node in cluster.nodes.values() if node.group.kind == "nodepool"}
    assert {row.node for row in rows} == set(pooled)
    for row in rows:
        node = pooled[row.node]
        assert row.provider_id == f"aws:///{node.zone}/{node.instance}"
        assert row.nodepool == node.group.name
        assert row.created < node.created
        assert all(each.status == "True" for each in row.conditions)


async def test_a_claim_goes_the_way_of_its_node(
    client: Client, cluster: DemoCluster, time: Time
) -> None:
    pool = next(node.group for node in cluster.nodes.values() if node.group.kind == "nodepool")
    node = Builder(cluster).node(pool)
    node.ready = "False"

    async def conditions() -> dict[str, tuple[str, float | None]] | None:
        rows, _ = NODECLAIMS.page(await body(client, CLAIMS))
        row = next((row for row in rows if row.node == node.name), None)
        return row and {each.type: (each.status, each.transition) for each in row.conditions}

    cluster.join(node)
    assert (await conditions() or {})["Registered"] == ("True", time.now)
    assert (await conditions() or {})["Initialized"][0] == "Unknown"
    time.now += 20
    cluster.set_ready(node, "True")
    ready = time.now
    assert (await conditions() or {})["Initialized"] == ("True", ready)
    for status in ("Unknown", "True"):
        time.now += 60
        cluster.set_ready(node, status)
    assert (await conditions() or {})["Initialized"] == ("True", ready)
    cluster.leave(node)
    assert await conditions() is None


def test_a_launch_that_ec2_refuses_is_given_up_and_tried_again(
    cluster: DemoCluster, time: Time
) -> None:
    def failed() -> set[str]:
        rows = cluster.storage.tables["nodeclaims"].objects.values()
        return {row.name for row in rows if row.name.startswith("gpu-")}

    life = Life(cluster, churn=0, tell=False)
    life.begin(story.failing_launches(cluster))
    life.step()
    first = failed()
    assert len(first) == 1
    time.now += 301
    life.step()
    assert not failed()
    time.now += 11
    life.step()
    assert len(failed()) == 1
    assert failed() != first


def test_the_claims_name_is_the_one_on_the_instances_tag(cluster: DemoCluster) -> None:
    held = account.Account(cluster)
    tagged = {account.tags(each).get("karpenter.sh/nodeclaim") for each in held.instances()}
    stored = {each.name for each in cluster.storage.tables["nodeclaims"].objects.values()}
    assert tagged - {None} == stored


async def test_a_kubelet_that_joins_gets_its_certificate(
    client: Client, cluster: DemoCluster, time: Time
) -> None:
    life = Life(cluster, churn=0, tell=False)
    node = next(iter(cluster.nodes.values()))
    life.begin(csr.join(cluster, node))
    life.step()

    async def state() -> list[tuple[str, str]]:
        rows, _ = SIGNING.page(await body(client, REQUESTS))
        return [(row.user, row.state) for row in rows]

    assert await state() == [(f"system:node:{node.name}", "Pending")]
    live(life, time, 5)
    assert await state() == [(f"system:node:{node.name}", "Issued")]
    stored = msgspec.json.decode(await body(client, REQUESTS))["items"][0]
    asked = x509.load_pem_x509_csr(base64.b64decode(stored["spec"]["request"]))
    issued = x509.load_pem_x509_certificate(base64.b64decode(stored["status"]["certificate"]))
    assert asked.subject == issued.subject
    assert f"system:node:{node.name}" in asked.subject.rfc4514_string()
    live(life, time, 3700)
    assert await state() == []


async def test_the_rolling_update_makes_kubelets_ask_for_certificates(
    client: Client, cluster: DemoCluster, time: Time
) -> None:
    life = Life(cluster, churn=0, tell=False)
    life.begin(story.rolling_update(life))
    live(life, time, 30)
    rows, _ = SIGNING.page(await body(client, REQUESTS))
    assert rows
    assert {row.user.removeprefix("system:node:") for row in rows} <= set(cluster.nodes)


async def test_requests_are_selected_by_their_signer(
    client: Client, cluster: DemoCluster, time: Time
) -> None:
    life = Life(cluster, churn=0, tell=False)
    life.begin(csr.join(cluster, next(iter(cluster.nodes.values()))))
    life.step()
    for signer, count in ((csr.SIGNER, 1), ("kubernetes.io/kube-apiserver-client", 0)):
        query = {"fieldSelector": f"spec.signerName={signer}"}
        assert len((await client.get(REQUESTS, query))["items"]) == count


async def test_the_metrics_are_those_of_the_cluster(client: Client, cluster: DemoCluster) -> None:
    text = (await body(client, METRICS.format("ksh"))).decode()
    found = scheduler_metrics(text, 0.0)
    unbound = sum(not pod.node for pod in cluster.pods.values())
    assert sum(count for _, count in found.pending) == unbound > 0
    bound = sum(bool(pod.node) for pod in cluster.pods.values())
    assert dict(found.attempts)["scheduled"] >= bound
    controllers = controller_metrics((await body(client, METRICS.format("kcm"))).decode(), 0.0)
    assert controllers.queues > 5


async def test_a_new_pod_keeps_its_controller_busy(client: Client, cluster: DemoCluster) -> None:
    pod = next(pod for pod in cluster.pods.values() if pod.workload.kind == "Deployment")
    cluster.add_pod(cluster.new_pod(pod.workload))
    found = controller_metrics((await body(client, METRICS.format("kcm"))).decode(), 0.0)
    assert dict(found.waiting)["replicaset"] >= 1


@pytest.mark.parametrize("role", ["viewer", "nobody"])
@pytest.mark.parametrize(
    ("path", "message"),
    [
        (MAP, 'configmaps "aws-auth" is forbidden: User "{}" cannot get resource "configmaps"'),
        (CLAIMS, 'nodeclaims.karpenter.sh is forbidden: User "{}" cannot list resource'),
        (REQUESTS, "certificatesigningrequests.certificates.k8s.io is forbidden: User"),
        (
            METRICS.format("ksh"),
            'ksh.metrics.eks.amazonaws.com "container" is forbidden: User "{}" cannot get resource '
            '"ksh/metrics" in API group "metrics.eks.amazonaws.com" at the cluster scope',
        ),
    ],
)
async def test_who_may_not_is_told_what_is_missing(
    client: Client, role: str, path: str, message: str
) -> None:
    answer = await client.get(path, role=role)
    user = f"arn:aws:sts::111122223333:assumed-role/eksview-demo-{role}/demo"
    assert answer["message"].startswith(message.format(user))
    assert (answer["reason"], answer["code"]) == ("Forbidden", 403)


@pytest.mark.parametrize("path", [MAP, CLAIMS, REQUESTS, METRICS.format("kcm")])
async def test_a_stranger_sees_none_of_it(client: Client, path: str) -> None:
    headers = {"Authorization": "Bearer nope"}
    assert await client.status(path, headers=headers) == 401


@pytest.mark.parametrize("component", ["kas", "kcm/extra", ""])
async def test_other_components_have_no_metrics(client: Client, component: str) -> None:
    assert await client.status(METRICS.format(component)) == 404


@pytest.mark.parametrize("group", ["karpenter.sh", "certificates.k8s.io"])
async def test_discovery_has_the_groups(client: Client, group: str) -> None:
    assert (await client.get(f"/apis/{group}", role="nobody"))["name"] == group
    resources = (await client.get(f"/apis/{group}/v1"))["resources"]
    assert resources
    assert all(each["verbs"] == ["get", "list", "watch"] for each in resources)


async def test_discovery_has_the_metrics(client: Client) -> None:
    listed = (await client.get("/apis/metrics.eks.amazonaws.com/v1"))["resources"]
    assert {(each["name"], *each["verbs"]) for each in listed} == {
        ("kcm/metrics", "get"),
        ("ksh/metrics", "get"),
    }


@pytest.mark.parametrize(
    ("path", "columns", "row"),
    [
        (
            "/api/v1/namespaces/kube-system/configmaps",
            ["Name", "Data", "Age"],
            ["aws-auth", "1", "90d"],
        ),
        (
            CLAIMS,
            ["Name", "Type", "Capacity", "Zone", "Node", "Ready", "Age"],
            ["default-", "c6i.2xlarge", "on-demand", "us-west-2", "ip-10-0-", "True", ""],
        ),
    ],
)
async def test_kubectl_prints_them_in_columns(
    client: Client, path: str, columns: list[str], row: list[str]
) -> None:
    table = await client.get(path, headers=TABLE)
    assert [each["name"] for each in table["columnDefinitions"] if not each["priority"]] == columns
    cells = table["rows"][0]["cells"]
    assert all(str(cell).startswith(begin) for cell, begin in zip(cells, row, strict=False))
    assert len(cells) == len(table["columnDefinitions"])


async def test_kubectl_prints_how_far_a_request_is(
    client: Client, cluster: DemoCluster, time: Time
) -> None:
    life = Life(cluster, churn=0, tell=False)
    life.begin(csr.join(cluster, next(iter(cluster.nodes.values()))))
    for seconds, said in ((0.5, "Pending"), (3.0, "Approved,Issued")):
        live(life, time, seconds)
        table = await client.get(REQUESTS, headers=TABLE)
        assert [row["cells"][-1] for row in table["rows"]] == [said]
