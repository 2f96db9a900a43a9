"""What is under a cursor, as an object of the Kubernetes API."""

import pytest

from eksview.domain.kube.object_ref import ObjectRef
from eksview.store.store import Store
from eksview.ui.base.messages import OpenCall, OpenMapped, OpenNode, OpenObject, OpenPod, Subject
from tests.ui.harness import populate

WEB = ObjectRef("apps/v1", "Deployment", "deployments", "web", "shop")


@pytest.fixture(scope="module")
def store() -> Store:
    return populate(Store(), nodes=2, pods=2)


def test_a_node_and_a_pod_are_named_by_their_resource(store: Store) -> None:
    node = next(iter(store.nodes.values()))
    pod = next(iter(store.pods.values()))
    assert OpenNode(node.name).ref(store) == ObjectRef(
        "v1", "Node", "nodes", node.name, uid=node.uid
    )
    assert OpenPod(pod.uid).ref(store) == ObjectRef(
        "v1", "Pod", "pods", pod.name, pod.namespace, pod.uid
    )


def test_an_object_keeps_its_ref_at_another_tab(store: Store) -> None:
    opened = OpenObject(WEB).at("yaml")
    assert (opened.ref(store), opened.tab, opened.text(store)) == (WEB, "yaml", "web")


@pytest.mark.parametrize("subject", [OpenCall("1"), OpenMapped("gone"), OpenPod("gone")])
def test_what_is_no_object_has_no_ref(store: Store, subject: Subject) -> None:
    assert subject.ref(store) is None
