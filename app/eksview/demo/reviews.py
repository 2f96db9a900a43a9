"""Who am I and what may I do: the self-subject reviews."""

import time
from typing import Any

import msgspec

from eksview.demo.access import User
from eksview.demo.resources import ALL
from eksview.demo.statuses import Refusal


def answer(kind: str, user: User, content_type: str, body: bytes, now: float) -> dict[str, Any]:
    """The review posted to `selfsubjectreviews` and its relatives. Raises Refusal."""
    if "json" not in content_type:
        # kubectl posts these as protobuf; a real server reads both, this one only JSON.
        raise Refusal(
            415,
            "the body of the request was in an unknown format - accepted media types include: "
            "application/json",
        )
    try:
        asked = msgspec.json.decode(body or b"{}", type=dict[str, Any])
    except msgspec.DecodeError as bad:
        raise Refusal(400, f"couldn't read the body: {bad}") from None
    if kind == "selfsubjectreviews":
        return _who(user, now)
    if kind == "selfsubjectaccessreviews":
        return _may(user, asked.get("spec") or {})
    return _rules(user)


def _who(user: User, now: float) -> dict[str, Any]:
    info: dict[str, Any] = {"username": user.name, "groups": list(user.groups)}
    if extra := user.extra():
        info["extra"] = extra
    created = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now))
    return {
        "kind": "SelfSubjectReview",
        "apiVersion": "authentication.k8s.io/v1",
        "metadata": {"creationTimestamp": created},
        "status": {"userInfo": info},
    }


def _may(user: User, spec: dict[str, Any]) -> dict[str, Any]:
    wanted = spec.get("resourceAttributes")
    if wanted is not None:
        allowed = user.may(str(wanted.get("verb", "")), str(wanted.get("resource", "")))
    else:
        allowed = user.may_read_path(str((spec.get("nonResourceAttributes") or {}).get("path", "")))
    status: dict[str, Any] = {"allowed": allowed}
    if allowed and user.binding:
        status["reason"] = (
            f'RBAC: allowed by ClusterRoleBinding "{user.binding}-binding" of ClusterRole '
            f'"{user.binding}" to User "{user.name}"'
        )
    return {
        "kind": "SelfSubjectAccessReview",
        "apiVersion": "authorization.k8s.io/v1",
        "metadata": {},
        "spec": spec,
        "status": status,
    }


def _rules(user: User) -> dict[str, Any]:
    groups = {resource.name: resource.group for resource in ALL}
    rules = [
        {"verbs": [verb], "apiGroups": [groups.get(name, "")], "resources": [name]}
        for verb, name in sorted(user.rules)
    ]
    if user.everything:
        rules = [{"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}]
    paths = ["*"] if user.everything else ["/api", "/apis", "/livez", "/readyz", "/version"]
    return {
        "kind": "SelfSubjectRulesReview",
        "apiVersion": "authorization.k8s.io/v1",
        "metadata": {},
        "spec": {},
        "status": {
            "resourceRules": rules,
            "nonResourceRules": [{"verbs": ["get"], "nonResourceURLs": paths}],
            "incomplete": False,
        },
    }
