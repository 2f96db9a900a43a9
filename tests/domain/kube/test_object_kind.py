"""Only what a server may send for a kind is taken for it.

The lines and the verdicts are those of client-go's StreamWatcher and of a kube-apiserver 1.36: its
watch objects carry kind and apiVersion, the items of a list don't.
"""

import json
from typing import Any

import msgspec
import pytest

from eksview.domain.kube.object_kind import KindCheck

POD = KindCheck("Pod")
OBJECT = {"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "a"}}


def line(kind: object, item: Any, **dumped: Any) -> bytes:
    return json.dumps({"type": kind, "object": item}, **dumped).encode()


COMPACT = {"separators": (",", ":")}
STATUS = {"kind": "Status", "code": 410, "message": "gone"}


@pytest.mark.parametrize("dumped", [{}, COMPACT])
@pytest.mark.parametrize("kind", ["ADDED", "MODIFIED", "DELETED", "BOOKMARK"])
def test_events_about_such_an_object_pass(kind: str, dumped: dict[str, Any]) -> None:
    POD.event(line(kind, OBJECT, **dumped))
    POD.event(line(kind, {"metadata": {"name": "a"}, "apiVersion": "v1", "kind": "Pod"}, **dumped))
    POD.event(line(kind, {"metadata": {"name": "a"}}, **dumped))


def test_errors_and_bookmarks_need_no_name() -> None:
    POD.event(line("ERROR", STATUS))
    POD.event(line("BOOKMARK", {"metadata": {"resourceVersion": "7"}}))


@pytest.mark.parametrize(
    "bad",
    [
        line("ADDED", OBJECT | {"kind": "Node"}),
        line("ADDED", OBJECT | {"kind": "PodList"}),
        line("ADDED", OBJECT | {"kind": "pod"}),
        line("ADDED", OBJECT | {"kind": 7}),
        line("ADDED", STATUS),
        line("BOOKMARK", OBJECT | {"kind": "Node"}),
        line("PATCHED", OBJECT),
        line("added", OBJECT),
        line("", OBJECT),
        line(None, OBJECT),
        line(["ADDED"], OBJECT),
        line("ADDED", {}),
        line("ADDED", {"metadata": {"name": ""}}),
    ],
)
def test_an_object_of_another_kind_or_an_unknown_event_does_not(bad: bytes) -> None:
    with pytest.raises(msgspec.ValidationError):
        POD.event(bad)


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "PodList", "items": []},
        {"apiVersion": "v1", "kind": "PodList", "items": None},
        {"kind": "PodList", "metadata": {}},
        {"metadata": {}, "items": []},
    ],
)
def test_lists_of_such_objects_pass(body: dict[str, Any]) -> None:
    POD.page(json.dumps(body).encode())
    POD.page(json.dumps(body, **COMPACT).encode())


@pytest.mark.parametrize(
    "body",
    [
        {"error": "no"},
        {},
        {"kind": "NodeList", "items": []},
        {"kind": "Pod", "metadata": {"name": "a"}},
        {"kind": "Status", "status": "Failure", "code": 500},
        {"kind": ["PodList"], "items": []},
    ],
)
def test_what_is_no_such_list_does_not(body: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        POD.page(json.dumps(body).encode())
