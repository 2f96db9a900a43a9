"""Objects as templates: encoded once, filled in with a few values for each object."""

import re
import time
from collections.abc import Mapping
from operator import itemgetter
from typing import Any

import msgspec

_HOLE = re.compile(r'"@@#(\w+)@@"|@@(\w+)@@')
_HEAD = '{"metadata":{'

# By which key Kubernetes merges these lists; managedFields names their entries by it.
_MERGE_KEYS = {
    "addresses": "type",
    "conditions": "type",
    "containers": "name",
    "env": "name",
    "initContainers": "name",
    "podIPs": "ip",
    "volumeMounts": "mountPath",
    "volumes": "name",
}


class Template:
    """A document whose strings hold `@@name@@` (in text) or are `@@#name@@` (a bare number).

    Its first key must be metadata: what is rendered is the text after `{"metadata":{`.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        text = msgspec.json.encode(document).decode()
        if not text.startswith(_HEAD):
            raise ValueError("metadata comes first")
        self._names: list[str] = []
        self._format = _HOLE.sub(self._hole, text.removeprefix(_HEAD).replace("%", "%%"))
        self._pick = itemgetter(*self._names, self._names[0])  # at least two: always a tuple
        self._format += "%.0s"

    def _hole(self, found: re.Match[str]) -> str:
        self._names.append(found[1] or found[2])
        return "%s"

    def render(self, values: Mapping[str, object]) -> bytes:
        """The document's tail. Values must need no escaping in JSON."""
        text: str = self._format % self._pick(values)
        return text.encode()


def tail(document: Mapping[str, Any]) -> bytes:
    """A document that is made only once, as `Template` would render it."""
    encoded: bytes = msgspec.json.encode(document)
    return encoded[len(_HEAD) :]


def rfc3339(seconds: float) -> str:
    """`2026-11-23T07:42:00Z`, as metav1.Time is sent."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def micro_time(seconds: float) -> str:
    """`2026-11-23T07:42:00.123456Z`, as metav1.MicroTime is sent."""
    whole = int(seconds)
    moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(whole))
    return f"{moment}.{int((seconds - whole) * 1_000_000):06d}Z"


def owned(value: Any, name: str = "") -> dict[str, Any]:
    """The FieldsV1 set of a value: what managedFields says a manager owns."""
    if isinstance(value, dict):
        return {f"f:{key}": owned(each, key) for key, each in value.items()}
    key = _MERGE_KEYS.get(name)
    if name == "ownerReferences":  # owned whole: its entries have no fields of their own
        return {".": {}} | {f'k:{{"uid":"{each["uid"]}"}}': {} for each in value}
    if isinstance(value, list) and key is not None:
        return {
            f"k:{msgspec.json.encode({key: each[key]}).decode()}": {".": {}, **owned(each)}
            for each in value
        }
    return {}


def managed(manager: str, api_version: str, at: str, fields: Any, part: str = "") -> dict[str, Any]:
    """One entry of managedFields."""
    entry: dict[str, Any] = {
        "manager": manager,
        "operation": "Update",
        "apiVersion": api_version,
        "time": at,
        "fieldsType": "FieldsV1",
        "fieldsV1": owned(fields),
    }
    if part:
        entry["subresource"] = part
    return entry
