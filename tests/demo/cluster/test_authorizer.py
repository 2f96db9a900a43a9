"""RBAC as "Using RBAC Authorization" of the Kubernetes documentation describes it."""

import pytest

from eksview_demo.cluster.objects.authorizer import (
    Attributes,
    Authorizer,
    Binding,
    PolicyRule,
    Role,
    Subject,
)

READ = ("get", "list", "watch")
NODES = Attributes("list", "nodes")


def reason(rule: PolicyRule, attributes: Attributes, **more: str) -> str | None:
    """Why a request of `alice` is allowed by one rule that is bound to her, or not."""
    namespace = more.get("namespace", "")
    role = Role(namespace, "reader", (rule,))
    kind = "Role" if namespace else "ClusterRole"
    binding = Binding(namespace, "read", kind, "reader", (Subject("User", "alice"),))
    return Authorizer([role], [binding]).authorize(more.get("user", "alice"), (), attributes)


@pytest.mark.parametrize(
    ("rule", "attributes", "allowed"),
    [
        (PolicyRule(READ, ("",), ("nodes",)), NODES, True),
        (PolicyRule(("get",), ("",), ("nodes",)), NODES, False),
        (PolicyRule(("*",), ("*",), ("*",)), NODES, True),
        (PolicyRule(READ, ("apps",), ("nodes",)), NODES, False),
        (PolicyRule(READ, ("",), ("nodes",), names=("n1",)), NODES, False),
        (PolicyRule(READ, ("",), ("nodes",), ("n1",)), Attributes("get", "nodes", name="n1"), True),
        (PolicyRule(READ, ("",), ("pods",)), Attributes("get", "pods/log"), False),
        (PolicyRule(READ, ("",), ("*/log",)), Attributes("get", "pods/log"), True),
        (PolicyRule(READ, ("",), ("*/log",)), Attributes("get", "pods"), False),
        (PolicyRule(("get",), paths=("/livez",)), Attributes("get", path="/livez"), True),
        (PolicyRule(("get",), paths=("/livez/*",)), Attributes("get", path="/livez/etcd"), True),
        (PolicyRule(("get",), paths=("/livez",)), Attributes("get", path="/livez/etcd"), False),
        (PolicyRule(("*",), ("*",), ("*",)), Attributes("get", path="/livez"), False),
    ],
)
def test_a_rule_allows_what_it_lists(
    rule: PolicyRule, attributes: Attributes, allowed: bool
) -> None:
    assert (reason(rule, attributes) is not None) is allowed


def test_a_role_counts_in_its_namespace_only() -> None:
    rule = PolicyRule(READ, ("",), ("pods",))
    own = Attributes("list", "pods", namespace="shop")
    assert reason(rule, own, namespace="shop") == (
        'RBAC: allowed by RoleBinding "read/shop" of Role "reader" to User "alice"'
    )
    for namespace in ("", "web"):
        asked = Attributes("list", "pods", namespace=namespace)
        assert reason(rule, asked, namespace="shop") is None


def test_nobody_else_is_allowed() -> None:
    assert reason(PolicyRule(READ, ("",), ("nodes",)), NODES, user="bob") is None


def test_a_service_account_is_named_with_its_namespace() -> None:
    role = Role("", "reader", (PolicyRule(READ, ("",), ("nodes",)),))
    binding = Binding("", "read", "ClusterRole", "reader", (Subject("ServiceAccount", "a", "b"),))
    decided = Authorizer([role], [binding]).authorize("system:serviceaccount:b:a", (), NODES)
    assert decided is not None
    assert decided.endswith('to ServiceAccount "a/b"')
