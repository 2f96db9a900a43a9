"""Who may do what, and how a refusal reads."""

from typing import Any

import msgspec
import pytest

from eksview_demo.api.server import DemoServer
from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.cluster.objects.authorizer import Attributes
from eksview_demo.cluster.objects.rbac import AUTHORIZER
from tests.demo.conftest import Client
from tests.demo.faults import replace_token

WHO = "/apis/authentication.k8s.io/v1/selfsubjectreviews"
MAY = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
LEASES = "/apis/coordination.k8s.io/v1"


@pytest.mark.parametrize("header", ["Bearer nope", "Basic abc", ""])
async def test_an_unknown_credential_is_unauthorized(client: Client, header: str) -> None:
    answer = await client.get("/api/v1/nodes", headers={"Authorization": header})
    assert answer == {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Failure",
        "message": "Unauthorized",
        "reason": "Unauthorized",
        "code": 401,
    }


async def test_the_viewer_sees_nodes_and_is_told_what_else_is_forbidden(client: Client) -> None:
    assert await client.status("/api/v1/nodes", role="viewer") == 200
    answer = await client.get("/api/v1/pods", role="viewer")
    user = "arn:aws:sts::111122223333:assumed-role/eksview-demo-viewer/demo"
    assert answer["message"] == (
        f'pods is forbidden: User "{user}" cannot list resource "pods" in API group ""'
        " at the cluster scope"
    )
    assert (answer["reason"], answer["code"]) == ("Forbidden", 403)
    assert answer["details"] == {"kind": "pods"}


async def test_a_forbidden_group_namespace_and_name_are_spelled_out(client: Client) -> None:
    answer = await client.get(f"{LEASES}/namespaces/kube-system/leases/x", role="viewer")
    assert answer["message"].startswith('leases.coordination.k8s.io "x" is forbidden: User "arn:')
    assert answer["message"].endswith(
        'cannot get resource "leases" in API group "coordination.k8s.io"'
        ' in the namespace "kube-system"'
    )
    assert answer["details"] == {"name": "x", "group": "coordination.k8s.io", "kind": "leases"}


@pytest.mark.parametrize(
    ("path", "code"),
    [("/version", 200), ("/readyz", 200), ("/api", 200), ("/api/v1/nodes", 403), ("/metrics", 403)],
)
async def test_nobody_may_look_at_public_paths_only(client: Client, path: str, code: int) -> None:
    assert await client.status(path, role="nobody") == code


@pytest.mark.parametrize(("role", "groups"), [("admin", 2), ("nobody", 1)])
async def test_who_am_i(client: Client, server: DemoServer, role: str, groups: int) -> None:
    body = {"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"}
    async with client.request(WHO, role=role, method="POST", json=body) as response:
        assert response.status == 201
        info = (await response.json())["status"]["userInfo"]
    assert info["username"].endswith(f"eksview-demo-{role}/demo")
    assert len(info["groups"]) == groups


@pytest.mark.parametrize(
    ("role", "verb", "resource", "allowed"),
    [
        ("admin", "list", "pods", True),
        ("viewer", "watch", "nodes", True),
        ("viewer", "list", "pods", False),
        ("nobody", "list", "nodes", False),
    ],
)
async def test_may_i(client: Client, role: str, verb: str, resource: str, allowed: bool) -> None:
    body = {"spec": {"resourceAttributes": {"verb": verb, "resource": resource}}}
    async with client.request(MAY, role=role, method="POST", json=body) as response:
        answer = await response.json()
    assert answer["status"]["allowed"] is allowed
    path = f"/api/v1/{resource}"
    assert (await client.status(path, {"limit": "1"}, role=role) == 200) is allowed


@pytest.mark.parametrize("body", [b"", b"k8s\0\x12\xff", b"k8s\0\x0d1234"])
async def test_a_spoiled_protobuf_review_is_a_bad_request(client: Client, body: bytes) -> None:
    headers = {"Content-Type": "application/vnd.kubernetes.protobuf"}
    assert await client.status(MAY, method="POST", data=body, headers=headers) == 400


async def test_a_version_is_a_number(client: Client) -> None:
    answer = await client.get("/api/v1/nodes", {"resourceVersion": "new"})
    assert (answer["code"], answer["reason"]) == (400, "BadRequest")


async def test_a_replaced_token_is_the_only_one_that_counts(
    client: Client, server: DemoServer
) -> None:
    old = server.token
    replace_token(server.access, "admin", "fresh")
    assert await client.status("/api/v1/nodes") == 200
    stale = {"Authorization": f"Bearer {old}"}
    assert await client.status("/api/v1/nodes", headers=stale) == 401


async def test_nothing_can_be_written(client: Client) -> None:
    assert await client.status("/api/v1/nodes", method="POST", json={}) == 405


ROLES = "/apis/rbac.authorization.k8s.io/v1"


async def test_the_reason_names_the_binding_and_the_role(client: Client) -> None:
    body = {"spec": {"resourceAttributes": {"verb": "list", "resource": "nodes"}}}
    async with client.request(MAY, role="viewer", method="POST", json=body) as response:
        answer = await response.json()
    assert answer["status"]["reason"] == (
        'RBAC: allowed by ClusterRoleBinding "node-reader-binding" of ClusterRole "node-reader" '
        'to Group "eksview-demo:viewers"'
    )


@pytest.mark.parametrize(
    ("attributes", "allowed"),
    [
        ({"verb": "get", "resource": "nodes", "subresource": "proxy"}, False),
        ({"verb": "list", "resource": "nodes", "group": "metrics.k8s.io"}, False),
        ({"verb": "delete", "resource": "nodes"}, False),
        ({"verb": "get", "resource": "nodes", "name": "ip-10-0-1-1"}, True),
    ],
)
async def test_a_rule_gives_no_more_than_it_says(client: Client, attributes, allowed) -> None:
    body = {"spec": {"resourceAttributes": attributes}}
    async with client.request(MAY, role="viewer", method="POST", json=body) as response:
        assert (await response.json())["status"]["allowed"] is allowed


@pytest.mark.parametrize("kind", ["clusterroles", "clusterrolebindings", "roles", "rolebindings"])
async def test_roles_and_bindings_can_be_read_by_who_may(client: Client, kind: str) -> None:
    answer = await client.get(f"{ROLES}/{kind}")
    assert answer["items"]
    assert all(item["metadata"]["uid"] for item in answer["items"])
    assert await client.status(f"{ROLES}/{kind}", role="viewer") == 403


async def test_what_can_be_read_is_what_decides(client: Client) -> None:
    from eksview.domain.access import rbac_shapes
    from eksview.domain.access.rbac import grants
    from eksview.domain.rows.access import AccessRequest, RbacFact

    read = []
    for kind, decode in (
        ("clusterroles", rbac_shapes.roles),
        ("clusterrolebindings", rbac_shapes.bindings),
    ):
        async with client.request(f"{ROLES}/{kind}") as response:
            read.append(decode(await response.read())[0])
    roles, bindings = read
    by_name = RbacFact(0.0, tuple(roles)).by_name
    found = grants("x", ["eksview-demo:viewers"], by_name, bindings, AccessRequest("list", "nodes"))
    assert [grant.binding.name for grant in found] == ["node-reader-binding"]
    view = by_name["", "view"]
    assert view.aggregates


READER = ("x", ("eksview-demo:viewers", "system:authenticated"))
PLUGIN = ("system:serviceaccount:kube-system:aws-node", ("system:authenticated",))
AUDITOR = ("y", ("eksview-demo:auditors",))
REQUESTS = [
    Attributes(verb, resource, group, namespace, name)
    for verb in ("get", "list", "patch", "delete")
    for resource in ("nodes", "nodes/proxy", "pods", "pods/log", "configmaps")
    for group in ("", "metrics.k8s.io")
    for namespace in ("", "kube-system", "shop")
    for name in ("", "aws-auth")
] + [Attributes("get", path=path) for path in ("/api/v1", "/livez", "/livez/etcd", "/metrics")]


@pytest.mark.parametrize("who", [READER, PLUGIN, AUDITOR, ("z", ("system:masters",))])
async def test_eksview_decides_as_the_server_does(client: Client, who: Any) -> None:
    """Two implementations of RBAC, one over the roles as they were read."""
    from eksview.domain.access import rbac_shapes
    from eksview.domain.access.rbac import grants
    from eksview.domain.rows.access import AccessRequest, RbacFact

    roles, bindings = [], []
    for kind, decode, read in (
        ("clusterroles", rbac_shapes.roles, roles),
        ("roles", rbac_shapes.roles, roles),
        ("clusterrolebindings", rbac_shapes.bindings, bindings),
        ("rolebindings", rbac_shapes.bindings, bindings),
    ):
        async with client.request(f"{ROLES}/{kind}") as response:
            read.extend(decode(await response.read())[0])
    decisions = set()
    by_name = RbacFact(0.0, tuple(roles)).by_name
    for request in REQUESTS:
        ask = AccessRequest(**msgspec.structs.asdict(request))
        allowed = bool(grants(*who, by_name, bindings, ask))
        assert allowed is (AUTHORIZER.authorize(*who, request) is not None), request
        decisions.add(allowed)
    assert decisions == ({True} if who[0] == "z" else {True, False})


@pytest.mark.parametrize(("role", "code"), [("admin", 200), ("viewer", 403), ("nobody", 403)])
async def test_a_kubelets_configuration_is_behind_nodes_proxy(
    client: Client, cluster: DemoCluster, role: str, code: int
) -> None:
    path = f"/api/v1/nodes/{next(iter(cluster.nodes))}/proxy/configz"
    assert await client.status(path, role=role) == code
    answer = await client.get(path, role=role)
    if code == 200:
        assert answer["kubeletconfig"]["nodeLeaseDurationSeconds"] == 40
    else:
        assert 'cannot get resource "nodes/proxy"' in answer["message"]
