"""Just enough protobuf to read the reviews kubectl posts (`auth whoami`, `auth can-i`).

https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding
"""

from typing import Any

_MAGIC = b"k8s\x00"
_RAW = 2  # runtime.Unknown's field that holds the object
_SPEC = 2  # of SelfSubjectAccessReview
_RESOURCE, _PATH = 1, 2  # its resourceAttributes and nonResourceAttributes
_ATTRIBUTES = {1: "namespace", 2: "verb", 3: "group", 4: "version", 5: "resource", 7: "name"}
_PATH_ATTRIBUTES = {1: "path", 2: "verb"}

_VARINT, _BYTES = 0, 2


def access_review_spec(body: bytes) -> dict[str, Any]:
    """The spec of a SelfSubjectAccessReview, as JSON would have it. Raises ValueError."""
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
    """The length-delimited fields of a message by number; the last of each. Raises ValueError."""
    found: dict[int, bytes] = {}
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
        found[tag >> 3] = message[at : at + size]
        at += size
    return found


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
