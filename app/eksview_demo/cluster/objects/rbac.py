"""The demo's roles and bindings: what decides in it who may do what, and what can be read of that.

A choice of what EKS 1.33 creates, and what this cluster's operators added.
"""

from collections.abc import Callable, Iterator
from typing import Any

from eksview_demo.cluster.objects.authorizer import Authorizer, Binding, PolicyRule, Role, Subject
from eksview_demo.storage import template
from eksview_demo.storage.resources import RBAC
from eksview_demo.storage.storage import Draft
from eksview_demo.storage.template import managed, rfc3339

READ = ("get", "list", "watch")
_VIEW = {f"{RBAC}/aggregate-to-view": "true"}
_CORE = (
    "configmaps",
    "endpoints",
    "events",
    "limitranges",
    "namespaces",
    "persistentvolumeclaims",
    "pods",
    "pods/log",
    "pods/status",
    "resourcequotas",
    "serviceaccounts",
    "services",
)
_PUBLIC = ("/healthz", "/livez", "/readyz", "/version", "/version/")
_DISCOVERY = ("/api", "/api/*", "/apis", "/apis/*", "/healthz", "/livez", "/openapi", "/openapi/*",
              "/readyz", "/version", "/version/")  # fmt: skip

_VIEWED = (  # like the bootstrap policy, which leaves out secrets
    PolicyRule(READ, ("apps",), ("daemonsets", "deployments", "replicasets", "statefulsets")),
    PolicyRule(READ, ("autoscaling",), ("horizontalpodautoscalers",)),
    PolicyRule(READ, ("batch",), ("cronjobs", "jobs")),
    PolicyRule(READ, ("policy",), ("poddisruptionbudgets",)),
    PolicyRule(READ, ("networking.k8s.io",), ("ingresses", "networkpolicies")),
    PolicyRule(READ, ("discovery.k8s.io",), ("endpointslices",)),
)


def _group(name: str) -> Subject:
    return Subject("Group", name)


def _account(name: str, namespace: str = "kube-system") -> Subject:
    return Subject("ServiceAccount", name, namespace)


def _role(name: str, *rules: PolicyRule, namespace: str = "", **more: Any) -> Role:
    return Role(namespace, name, rules, **more)


def _bound(name: str, role: str, *subjects: Subject, namespace: str = "") -> Binding:
    return Binding(namespace, name, "Role" if namespace else "ClusterRole", role, subjects)


ROLES = (
    _role("cluster-admin", PolicyRule(("*",), ("*",), ("*",)), PolicyRule(("*",), paths=("*",))),
    _role("system:discovery", PolicyRule(("get",), paths=_DISCOVERY)),
    _role("system:public-info-viewer", PolicyRule(("get",), paths=_PUBLIC)),
    _role(
        "system:basic-user",
        PolicyRule(
            ("create",),
            ("authorization.k8s.io",),
            ("selfsubjectaccessreviews", "selfsubjectrulesreviews"),
        ),
        PolicyRule(("create",), ("authentication.k8s.io",), ("selfsubjectreviews",)),
    ),
    _role("system:monitoring", PolicyRule(("get",), paths=(*_PUBLIC[:3], "/metrics"))),
    _role(
        "system:node",
        PolicyRule(("create", "get", "list", "watch"), ("",), ("nodes",)),
        PolicyRule(("patch", "update"), ("",), ("nodes", "nodes/status")),
        PolicyRule(READ, ("",), ("pods", "services", "secrets", "configmaps")),
    ),
    _role(
        "system:node-proxier",
        PolicyRule(("list", "watch"), ("",), ("services", "endpoints")),
        PolicyRule(READ, ("",), ("nodes",)),
    ),
    _role(
        "view",
        PolicyRule(READ, ("",), _CORE),
        *_VIEWED,
        PolicyRule(READ, ("metrics.k8s.io",), ("pods", "nodes")),
        aggregates=(_VIEW,),
    ),
    _role("system:aggregate-to-view", PolicyRule(READ, ("",), _CORE), *_VIEWED, labels=_VIEW),
    _role(
        "system:aggregated-metrics-reader",
        PolicyRule(READ, ("metrics.k8s.io",), ("pods", "nodes")),
        labels=_VIEW,
    ),
    _role("aws-node", PolicyRule(READ, ("",), ("namespaces", "nodes", "pods"))),
    _role(
        "ebs-csi-node-role", PolicyRule(("get", "patch"), ("",), ("nodes",)),
    ),
    _role(
        "karpenter",
        PolicyRule(READ, ("",), ("pods", "nodes", "namespaces")),
        PolicyRule(READ, ("karpenter.sh",), ("nodepools", "nodeclaims")),
        PolicyRule(("patch", "delete"), ("",), ("nodes",)),
    ),
    _role("node-reader", PolicyRule(READ, ("",), ("nodes",))),
    _role("config-reader", PolicyRule(("get",), ("",), ("configmaps",), ("aws-auth",)),
          namespace="kube-system"),
)  # fmt: skip

BINDINGS = (
    _bound("cluster-admin", "cluster-admin", _group("system:masters")),
    _bound("system:discovery", "system:discovery", _group("system:authenticated")),
    _bound(
        "system:public-info-viewer",
        "system:public-info-viewer",
        _group("system:authenticated"),
        _group("system:unauthenticated"),
    ),
    _bound("system:basic-user", "system:basic-user", _group("system:authenticated")),
    _bound("system:monitoring", "system:monitoring", _group("system:monitoring")),
    _bound("eks:node-bootstrapper", "system:node", _group("system:nodes")),
    _bound("eks:kube-proxy", "system:node-proxier", _account("kube-proxy")),
    _bound("aws-node", "aws-node", _account("aws-node")),
    _bound("ebs-csi-node-getter-binding", "ebs-csi-node-role", _account("ebs-csi-node-sa")),
    _bound("karpenter", "karpenter", _account("karpenter", "karpenter")),
    _bound("node-reader-binding", "node-reader", _group("eksview-demo:viewers")),
    _bound("auditors", "config-reader", _group("eksview-demo:auditors"), namespace="kube-system"),
)

AUTHORIZER = Authorizer(ROLES, BINDINGS)


def role_drafts(uid: Callable[[], str], created: float, *, clustered: bool) -> Iterator[Draft]:
    """ClusterRoles, or Roles, as they are stored."""
    for role in ROLES:
        if bool(role.namespace) is not clustered:
            body: dict[str, Any] = {"rules": [document(each) for each in role.rules]}
            if role.aggregates:
                selectors = [{"matchLabels": dict(each)} for each in role.aggregates]
                body["aggregationRule"] = {"clusterRoleSelectors": selectors}
            yield _draft(role.namespace, role.name, dict(role.labels), body, uid(), created)


def binding_drafts(uid: Callable[[], str], created: float, *, clustered: bool) -> Iterator[Draft]:
    """ClusterRoleBindings, or RoleBindings, as they are stored."""
    for binding in BINDINGS:
        if bool(binding.namespace) is not clustered:
            reference = {"apiGroup": RBAC, "kind": binding.role_kind, "name": binding.role}
            subjects = [_subject(each) for each in binding.subjects]
            body = {"roleRef": reference, "subjects": subjects}
            yield _draft(binding.namespace, binding.name, {}, body, uid(), created)


def _draft(
    namespace: str, name: str, labels: dict[str, str], body: dict[str, Any], uid: str, at: float
) -> Draft:
    created = rfc3339(at)
    metadata: dict[str, Any] = {"name": name}
    metadata |= {"namespace": namespace} if namespace else {}
    metadata |= {"uid": uid, "creationTimestamp": created}
    metadata |= {"labels": labels} if labels else {}
    metadata["managedFields"] = [managed("kube-apiserver", f"{RBAC}/v1", created, body)]
    return Draft(namespace, name, template.tail({"metadata": metadata} | body), labels)


def document(rule: PolicyRule) -> dict[str, list[str]]:
    """Return a rule as the API has it."""
    parts = {
        "verbs": rule.verbs,
        "apiGroups": rule.groups,
        "resources": rule.resources,
        "resourceNames": rule.names,
        "nonResourceURLs": rule.paths,
    }
    return {name: list(values) for name, values in parts.items() if values}


def _subject(subject: Subject) -> dict[str, str]:
    if subject.kind == "ServiceAccount":
        return {"kind": subject.kind, "name": subject.name, "namespace": subject.namespace}
    return {"apiGroup": RBAC, "kind": subject.kind, "name": subject.name}
