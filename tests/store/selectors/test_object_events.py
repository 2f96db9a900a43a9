"""Which events are about an object: those that `kubectl describe` prints.

kubectl 1.32 asks for them by the field selector involvedObject.kind, name, namespace and uid; for
a node also with its name as the uid, for a mirror pod with the hash in its annotation.
"""

import json
from typing import Any

import pytest

from eksview.domain.resources.events import RESOURCE
from eksview.domain.rows.kube import Kind
from eksview.store.selectors.object_events import events_of, events_of_node, events_of_pod
from eksview.store.store import Store
from tests.ui.table_rows import node, pod

WIDGET = {"kind": "Service", "namespace": "shop", "name": "web", "uid": "of-knative",
          "apiVersion": "serving.knative.dev/v1"}  # fmt: skip
SERVICE = WIDGET | {"uid": "of-core", "apiVersion": "v1"}
FORMER = SERVICE | {"uid": "of-a-former-one"}
UNNAMED = {"kind": "Service", "namespace": "shop", "name": "web"}


def store_with(*about: dict[str, Any]) -> Store:
    """Return a store with an event about each object; the event's reason is the uid."""
    store = Store()
    for number, each in enumerate(about):
        event = {"metadata": {"name": f"e{number}", "namespace": "shop", "uid": f"event-{number}"},
                 "involvedObject": each, "reason": each.get("uid", "unnamed")}  # fmt: skip
        for item in RESOURCE.decode_list(json.dumps({"items": [event]}).encode()).items or ():
            store.put(Kind.EVENT, RESOURCE.to_row(item))
    return store


@pytest.mark.parametrize(
    ("uid", "reasons"),
    [
        ("of-core", {"of-core", "unnamed"}),
        ("of-knative", {"of-knative", "unnamed"}),
        ("", {"of-core", "of-knative", "of-a-former-one", "unnamed"}),  # not read yet
    ],
)
def test_another_group_and_a_former_object_of_the_name_are_others(
    uid: str, reasons: set[str]
) -> None:
    store = store_with(WIDGET, SERVICE, FORMER, UNNAMED)
    events = events_of(store, "Service", "shop", "web", uid)
    assert {event.reason for event in events} == reasons


def test_the_kubelet_names_its_node_by_the_name() -> None:
    row = node("a")
    about = {"kind": "Node", "name": row.name}
    store = store_with(
        about | {"uid": row.name}, about | {"uid": row.uid}, about | {"uid": "of-a-former-one"}
    )
    assert {event.reason for event in events_of_node(store, row)} == {row.name, row.uid}


@pytest.mark.parametrize("hashed", ["", "5c1d"])
def test_the_kubelet_names_a_static_pod_by_its_hash(hashed: str) -> None:
    row = pod("a")
    about = {"kind": "Pod", "namespace": row.namespace, "name": row.name}
    store = store_with(about | {"uid": "5c1d"})
    annotations = {"kubernetes.io/config.mirror": hashed} if hashed else {}
    whole = {"metadata": {"annotations": annotations}}
    assert {event.reason for event in events_of_pod(store, row, whole)} == {hashed} - {""}
