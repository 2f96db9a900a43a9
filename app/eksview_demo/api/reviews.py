"""The self-subject reviews: the user's identity and rights."""

from typing import Any

import msgspec
from msgspec import Struct

from eksview_demo.api.access import User
from eksview_demo.cluster.objects import rbac
from eksview_demo.cluster.objects.authorizer import Attributes
from eksview_demo.storage.status import StatusError
from eksview_demo.storage.template import rfc3339

KINDS = ("selfsubjectreviews", "selfsubjectaccessreviews", "selfsubjectrulesreviews")
_MAGIC = b"k8s\x00"
_RAW = 2  # runtime.Unknown's field that holds the object
_SPEC = 2  # of SelfSubjectAccessReview
_RESOURCE, _PATH = 1, 2  # its resourceAttributes and nonResourceAttributes
_ATTRIBUTES = {1: "namespace", 2: "verb", 3: "group", 4: "version", 5: "resource", 7: "name"}
_PATH_ATTRIBUTES = {1: "path", 2: "verb"}

_VARINT, _BYTES = 0, 2


def access_review_spec(body: bytes) -> dict[str, Any]:
    """Return the spec of a protobuf SelfSubjectAccessReview as JSON has it. Raises ValueError."""
    if not body.startswith(_MAGIC):
        raise ValueError("not the Kubernetes protobuf envelope")
    raw = fields(body[len(_MAGIC) :]).get(_RAW, b"")
    spec = fields(fields(raw).get(_SPEC, b""))
    read: dict[str, Any] = {}
    if _RESOURCE in spec:
        read["resourceAttributes"] = _named(spec[_RESOURCE], _ATTRIBUTES)
    if _PATH in spec:
        read["nonResourceAttributes"] = _named(spec[_PATH], _PATH_ATTRIBUTES)
    return read


def fields(message: bytes) -> dict[int, bytes]:
    """Return the length-delimited fields of a message by number. Raises ValueError."""
    values: dict[int, bytes] = {}
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        if tag & 7 == _VARINT:
            _, at = _varint(message, at)
            continue
        if tag & 7 != _BYTES:
            raise ValueError(f"wire type {tag & 7}")
        size, at = _varint(message, at)
        if at + size > len(message):
            raise ValueError("cut short")
        values[tag >> 3] = message[at : at + size]
        at += size
    return values


def _named(message: bytes, names: dict[int, str]) -> dict[str, str]:
    read = fields(message)
    return {name: read[number].decode() for number, name in names.items() if read.get(number)}


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(message):
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
    raise ValueError("cut short")


class _Review(Struct):
    spec: dict[str, Any] = {}


def answer(kind: str, user: User, content_type: str, body: bytes, now: float) -> dict[str, Any]:
    """Return the review posted to `selfsubjectreviews` or its siblings. Raises StatusError."""
    if kind == "selfsubjectreviews":
        return _identity(user, now)
    if kind == "selfsubjectaccessreviews":
        return _access(user, _spec(content_type, body))
    return _rules(user)


def _spec(content_type: str, body: bytes) -> dict[str, Any]:
    try:
        if "protobuf" in content_type:  # what kubectl posts
            return access_review_spec(body)
        return msgspec.json.decode(body, type=_Review).spec
    except ValueError as bad:
        raise StatusError(400, f"couldn't read the body: {bad}") from None


def _identity(user: User, now: float) -> dict[str, Any]:
    info: dict[str, Any] = {"username": user.name, "groups": list(user.groups)}
    if extra := user.extra():
        info["extra"] = extra
    return {
        "kind": "SelfSubjectReview",
        "apiVersion": "authentication.k8s.io/v1",
        "metadata": {"creationTimestamp": rfc3339(now)},
        "status": {"userInfo": info},
    }


def _access(user: User, spec: dict[str, Any]) -> dict[str, Any]:
    grant = user.grant(_attributes(spec))
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


def _attributes(spec: dict[str, Any]) -> Attributes:
    attributes = spec.get("resourceAttributes")
    if attributes is None:
        path = spec.get("nonResourceAttributes") or {}
        return Attributes(str(path.get("verb", "")), path=str(path.get("path", "")))
    resource, sub = str(attributes.get("resource", "")), attributes.get("subresource")
    return Attributes(
        str(attributes.get("verb", "")),
        f"{resource}/{sub}" if sub else resource,
        str(attributes.get("group", "")),
        str(attributes.get("namespace", "")),
        str(attributes.get("name", "")),
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
