"""The events about one object: of its uid, as kubectl's describers select them.

An object of another group, or a former one, may have the same kind and name.
Source: SearchEvents and the describers of nodes and pods in kubectl's pkg/describe.
"""

from collections.abc import Mapping
from typing import Any

from eksview.domain.base.json_values import word
from eksview.domain.base.text import clean
from eksview.domain.rows.kube import EventRow, NodeRow, PodRow
from eksview.store.store import Store

_MIRROR = "kubernetes.io/config.mirror"


def events_of(
    store: Store, kind: str, namespace: str, name: str, uid: str, *also: str
) -> list[EventRow]:
    """Return the events about an object, in no order.

    `also` are other uids by which events name it. An event without one, and an object whose uid
    isn't known yet, go by the name.
    """
    about = store.events_about(clean(f"{kind}/{namespace}/{name}"))
    uids = {"", uid, *also}
    return [event for event in about if not uid or event.about_uid in uids]


def events_of_node(store: Store, node: NodeRow) -> list[EventRow]:
    """Return the events about a node; for the kubelet its name is the uid."""
    return events_of(store, "Node", "", node.name, node.uid, node.name)


def events_of_pod(store: Store, pod: PodRow, whole: Mapping[str, Any]) -> list[EventRow]:
    """Return the events about a pod; those of a static one name the hash of its manifest."""
    mirror = word(whole, "metadata", "annotations", _MIRROR)
    return events_of(store, "Pod", pod.namespace, pod.name, pod.uid, mirror)
