"""Which rule lets somebody do something, case by case as the API server decides it."""

from collections.abc import Mapping

import pytest

from eksview.domain.access.rbac import allows, grants, is_subject, who_can
from eksview.domain.rows.access import AccessRequest, Binding, PolicyRule, RbacFact, Role, Subject

NODES = AccessRequest("list", "nodes")
READ = ("get", "list", "watch")
READER = Role("", "node-reader", (PolicyRule(READ, ("",), ("nodes",)),))
EVERYTHING = Role("", "cluster-admin", (PolicyRule(("*",), ("*",), ("*",)),))
POD_READER = Role("shop", "pod-reader", (PolicyRule(READ, ("",), ("pods", "pods/log")),))
ADA, OPS = Subject("User", "ada"), Subject("Group", "ops")


def by_name(*roles: Role) -> Mapping[tuple[str, str], Role]:
    return RbacFact(0.0, roles).by_name


def bound(role: Role, *subjects: Subject, namespace: str = "", name: str = "b") -> Binding:
    return Binding(namespace, name, role.kind, role.name, subjects)


@pytest.mark.parametrize(
    ("rule", "ask", "expected"),
    [
        (PolicyRule(READ, ("",), ("nodes",)), NODES, True),
        (PolicyRule(("get",), ("",), ("nodes",)), NODES, False),
        (PolicyRule(("*",), ("",), ("nodes",)), NODES, True),
        (PolicyRule(READ, ("*",), ("*",)), NODES, True),
        (PolicyRule(READ, ("apps",), ("nodes",)), NODES, False),
        (PolicyRule(READ, ("",), ("nodes",), names=("n1",)), NODES, False),
        (
            PolicyRule(READ, ("",), ("nodes",), names=("n1",)),
            AccessRequest("get", "nodes", name="n1"),
            True,
        ),
        (PolicyRule(READ, ("",), ("pods",)), AccessRequest("get", "pods/log"), False),
        (PolicyRule(READ, ("",), ("pods/log",)), AccessRequest("get", "pods/log"), True),
        (PolicyRule(READ, ("",), ("*/log",)), AccessRequest("get", "pods/log"), True),
        (PolicyRule(READ, ("",), ("*/log",)), AccessRequest("get", "pods"), False),
        (PolicyRule(("get",), paths=("/livez",)), AccessRequest("get", path="/livez"), True),
        (PolicyRule(("get",), paths=("/livez/*",)), AccessRequest("get", path="/livez/etcd"), True),
        (PolicyRule(("get",), paths=("/livez",)), AccessRequest("get", path="/readyz"), False),
        (PolicyRule(("*",), ("*",), ("*",)), AccessRequest("get", path="/livez"), False),
    ],
)
def test_a_rule_covers_what_it_says_and_nothing_else(rule, ask, expected):
    assert allows(rule, ask) is expected


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (ADA, True),
        (OPS, True),
        (Subject("User", "bob"), False),
        (Subject("Group", "ada"), False),
        (Subject("ServiceAccount", "ada", "shop"), False),
        (Subject("Robot", "ada"), False),
    ],
)
def test_a_subject_is_met_by_name_or_by_group(subject, expected):
    assert is_subject(subject, "ada", frozenset({"ops"})) is expected


def test_a_service_account_is_met_by_its_user_name():
    subject = Subject("ServiceAccount", "agent", "shop")
    assert is_subject(subject, "system:serviceaccount:shop:agent", frozenset())


def test_all_bindings_that_allow_it_are_found():
    roles = by_name(READER, EVERYTHING)
    bindings = [bound(EVERYTHING, OPS, name="admins"), bound(READER, ADA, name="readers")]
    found = grants("ada", ["ops"], roles, bindings, NODES)
    assert [grant.binding.name for grant in found] == ["admins", "readers"]
    assert str(found[1]) == "ClusterRoleBinding readers grants User ada ClusterRole node-reader"


def test_a_role_binding_counts_only_in_its_namespace():
    roles = by_name(POD_READER)
    bindings = [bound(POD_READER, ADA, namespace="shop")]
    assert grants("ada", [], roles, bindings, AccessRequest("list", "pods", namespace="shop"))
    assert not grants("ada", [], roles, bindings, AccessRequest("list", "pods", namespace="bank"))
    assert not grants("ada", [], roles, bindings, AccessRequest("list", "pods"))


def test_a_role_binding_can_lend_a_cluster_role():
    viewer = Role("", "view", (PolicyRule(READ, ("",), ("pods",)),))
    binding = Binding("shop", "viewers", "ClusterRole", "view", (ADA,))
    assert grants(
        "ada", [], by_name(viewer), [binding], AccessRequest("get", "pods", namespace="shop")
    )


def test_a_binding_to_a_role_that_is_gone_grants_nothing():
    assert not grants("ada", [], by_name(), [bound(READER, ADA)], NODES)


def test_an_aggregated_role_names_where_it_has_the_rule_from():
    label = {"rbac.example.com/aggregate-to-view": "true"}
    source = Role("", "nodes-for-view", READER.rules, labels=label)
    other = Role("", "pods-for-view", POD_READER.rules, labels=label)
    view = Role("", "view", READER.rules + POD_READER.rules, aggregates=(label,))
    found = grants("ada", [], by_name(source, other, view), [bound(view, ADA)], NODES)
    assert found[0].via == ("nodes-for-view",)
    assert "aggregated from nodes-for-view" in str(found[0])


def test_who_can_names_every_subject_once_per_binding():
    roles = by_name(READER, EVERYTHING)
    agent = Subject("ServiceAccount", "agent", "shop")
    bindings = [bound(READER, OPS, agent, name="a"), bound(EVERYTHING, ADA, name="b")]
    assert [str(grant.subject) for grant in who_can(roles, bindings, NODES)] == [
        "Group ops",
        "ServiceAccount shop/agent",
        "User ada",
    ]
