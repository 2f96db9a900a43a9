"""Object templates: encoded once, filled with a few values per object."""

import re
import time
from collections.abc import Mapping
from operator import itemgetter
from typing import Any

import msgspec

_HOLE = re.compile(r'"@@#(\w+)@@"|@@(\w+)@@')
_HEAD = '{"metadata":{'

# The merge keys of these lists, by which managedFields names their entries.
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
    """A document with the placeholders `@@name@@` (in a string) and `@@#name@@` (a bare number).

    Its first key must be metadata; the text after `{"metadata":{` is rendered.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        text = msgspec.json.encode(document).decode()
        if not text.startswith(_HEAD):
            raise ValueError("metadata comes first")
        self._names: list[str] = []
        self._format = _HOLE.sub(self._hole, text.removeprefix(_HEAD).replace("%", "%%"))
        self._pick = itemgetter(*self._names, self._names[0])  # at least two: always a tuple
        self._format += "%.0s"

    def _hole(self, placeholder: re.Match[str]) -> str:
        self._names.append(placeholder[1] or placeholder[2])
        return "%s"

    def render(self, values: Mapping[str, object]) -> bytes:
        """Return the document's tail; values must need no escaping in JSON."""
        text: str = self._format % self._pick(values)
        return text.encode()


def tail(document: Mapping[str, Any]) -> bytes:
    """Return the tail of a document that is rendered only once."""
    encoded: bytes = msgspec.json.encode(document)
    return encoded[len(_HEAD) :]


def rfc3339(seconds: float) -> str:
    """Return metav1.Time, as `2026-11-23T07:42:00Z`."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def micro_time(seconds: float) -> str:
    """Return metav1.MicroTime, as `2026-11-23T07:42:00.123456Z`."""
    whole = int(seconds)
    moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(whole))
    return f"{moment}.{int((seconds - whole) * 1_000_000):06d}Z"


def owned(value: Any, name: str = "") -> dict[str, Any]:
    """Return the FieldsV1 set of a value, the fields that its manager owns."""
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
    """Return an entry of managedFields."""
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
