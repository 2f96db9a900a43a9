"""Every refusal is one sentence that says what to do."""

import pytest
import yaml

from eksview.domain.access.error_messages import (
    not_kubernetes,
    rbac_yaml,
    rbac_yaml_for,
    sentence,
    unreachable,
)
from eksview.domain.base.reading import Permission

SERVER = "https://example.test"


@pytest.mark.parametrize(
    ("status", "message", "said"),
    [
        (401, "Unauthorized", "doesn't accept the credentials of user ops"),
        (403, "pods is forbidden", "Not permitted: pods is forbidden."),
        (404, "", "Not found."),
        (429, "", "is throttling requests"),
        (503, "etcd is down.", "failed with 503: etcd is down."),
        (418, "", "answered 418."),
    ],
)
def test_an_answer_is_told_in_a_sentence(status: int, message: str, said: str) -> None:
    assert said in sentence(status, message, server=SERVER, user="ops")


def test_what_a_server_says_cannot_leave_its_line() -> None:
    told = sentence(403, "no\x1b[31m\nway", server=SERVER)
    assert told.isprintable()


@pytest.mark.parametrize("cause", ["dns", "refused", "timeout", "ca", "hostname", "cut", "odd"])
def test_an_unreachable_server_is_named(cause: str) -> None:
    assert SERVER in unreachable(cause, "why", server=SERVER)


def test_a_web_page_is_recognised_as_one() -> None:
    assert "text/html" in not_kubernetes(502, "text/html; charset=utf-8", server=SERVER)


def test_the_rule_that_would_grant_it_is_the_smallest() -> None:
    role, binding = yaml.safe_load_all(rbac_yaml(Permission("watch", "pods"), 'a"b'))
    assert role["kind"] == "ClusterRole"
    assert role["rules"] == [
        {"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list", "watch"]}
    ]
    assert binding["roleRef"]["name"] == role["metadata"]["name"]
    assert binding["subjects"][0]["name"] == 'a"b'


def test_a_rule_of_one_namespace_is_a_role_in_it() -> None:
    permission = Permission("list", "leases", "coordination.k8s.io", "kube-system")
    role, binding = yaml.safe_load_all(rbac_yaml(permission, "ops"))
    assert (role["kind"], role["metadata"]["namespace"]) == ("Role", "kube-system")
    assert binding["kind"] == "RoleBinding"


def test_a_path_is_granted_as_a_path() -> None:
    role, _ = yaml.safe_load_all(rbac_yaml(Permission("get", "/readyz"), "ops"))
    assert role["rules"] == [{"nonResourceURLs": ["/readyz"], "verbs": ["get"]}]


def test_several_rights_are_one_cluster_role_and_a_role_in_each_namespace() -> None:
    wanted = (
        Permission("list", "pods"),
        Permission("watch", "pods"),
        Permission("get", "nodes/proxy"),
        Permission("get", "/metrics"),
        Permission("list", "leases", "coordination.k8s.io", "kube-system"),
    )
    found = list(yaml.safe_load_all(rbac_yaml_for(wanted, "ops")))
    assert [each["kind"] for each in found] == [
        "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"
    ]  # fmt: skip
    assert found[0]["rules"] == [
        {"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list", "watch"]},
        {"apiGroups": [""], "resources": ["nodes/proxy"], "verbs": ["get"]},
        {"nonResourceURLs": ["/metrics"], "verbs": ["get"]},
    ]
    assert found[2]["metadata"]["namespace"] == "kube-system"
    assert all(each["roleRef"]["name"] == "eksview" for each in (found[1], found[3]))
