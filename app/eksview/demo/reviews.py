"""Who am I and what may I do: the self-subject reviews."""

import time
from typing import Any

import msgspec
from msgspec import Struct

from eksview.demo import protobuf
from eksview.demo.access import User
from eksview.demo.resources import ALL
from eksview.demo.statuses import Refusal


class _Asked(Struct):
    spec: dict[str, Any] = {}


def answer(kind: str, user: User, content_type: str, body: bytes, now: float) -> dict[str, Any]:
    """The review posted to `selfsubjectreviews` and its relatives. Raises Refusal."""
    if kind == "selfsubjectreviews":
        return _who(user, now)
    if kind == "selfsubjectaccessreviews":
        return _may(user, _spec(content_type, body))
    return _rules(user)


def _spec(content_type: str, body: bytes) -> dict[str, Any]:
    try:
        if "protobuf" in content_type:  # what kubectl posts
            return protobuf.access_review_spec(body)
        return msgspec.json.decode(body, type=_Asked).spec
    except ValueError as bad:
        raise Refusal(400, f"couldn't read the body: {bad}") from None


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
