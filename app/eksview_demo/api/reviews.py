"""Who am I and what may I do: the self-subject reviews."""

import time
from typing import Any

import msgspec
from msgspec import Struct

from eksview_demo.api import protobuf
from eksview_demo.api.access import User
from eksview_demo.cluster import rbac
from eksview_demo.cluster.authorizer import Attributes
from eksview_demo.storage.status import Refusal


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
    grant = user.grant(_ask(spec))
    status: dict[str, Any] = {"allowed": grant is not None}
    if grant:
        status["reason"] = grant
    return {
        "kind": "SelfSubjectAccessReview",
        "apiVersion": "authorization.k8s.io/v1",
        "metadata": {},
        "spec": spec,
        "status": status,
    }


def _ask(spec: dict[str, Any]) -> Attributes:
    wanted = spec.get("resourceAttributes")
    if wanted is None:
        asked = spec.get("nonResourceAttributes") or {}
        return Attributes(str(asked.get("verb", "")), path=str(asked.get("path", "")))
    resource, sub = str(wanted.get("resource", "")), wanted.get("subresource")
    return Attributes(
        str(wanted.get("verb", "")),
        f"{resource}/{sub}" if sub else resource,
        str(wanted.get("group", "")),
        str(wanted.get("namespace", "")),
        str(wanted.get("name", "")),
    )


def _rules(user: User) -> dict[str, Any]:
    rules = rbac.AUTHORIZER.rules_of(user.name, user.groups)
    return {
        "kind": "SelfSubjectRulesReview",
        "apiVersion": "authorization.k8s.io/v1",
        "metadata": {},
        "spec": {},
        "status": {
            "resourceRules": [rbac.document(rule) for rule in rules if not rule.paths],
            "nonResourceRules": [rbac.document(rule) for rule in rules if rule.paths],
            "incomplete": False,
        },
    }
