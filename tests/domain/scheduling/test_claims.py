"""Why a claim isn't bound: the states that the volume controller and the scheduler tell apart.

Their rules: https://kubernetes.io/docs/concepts/storage/persistent-volumes/#binding and
https://kubernetes.io/docs/concepts/storage/storage-classes/#volume-binding-mode.
"""

from typing import Any

import pytest

from eksview.domain.base.text import clean
from eksview.domain.scheduling.claims import ClaimObjects, ReadObject, names_of, state_of

DENIED = ReadObject(problem=clean("RBAC denies `get persistentvolumeclaims in d`."))
GONE = ReadObject(absent=True, problem=clean("not found."))


def claim(phase: str = "Pending", *, deleted: str | None = None, **spec: Any) -> ReadObject:
    meta: dict[str, Any] = {"name": "data", "namespace": "d", "deletionTimestamp": deleted}
    if node := spec.pop("node", ""):
        meta["annotations"] = {"volume.kubernetes.io/selected-node": node}
    return ReadObject({"metadata": meta, "spec": spec, "status": {"phase": phase}})


def storage_class(mode: str = "Immediate", **more: Any) -> ReadObject:
    return ReadObject({"provisioner": "ebs.csi.aws.com", "volumeBindingMode": mode} | more)


def volume(*terms: dict[str, Any], **labels: str) -> ReadObject:
    names = {key.replace("_", "/"): zone for key, zone in labels.items()}
    spec = {"nodeAffinity": {"required": {"nodeSelectorTerms": list(terms)}}} if terms else {}
    return ReadObject({"metadata": {"name": "pv-1", "labels": names}, "spec": spec})


def zone(*zones: str) -> dict[str, Any]:
    key = "topology.kubernetes.io/zone"
    return {"matchExpressions": [{"key": key, "operator": "In", "values": list(zones)}]}


WAITS = "WaitForFirstConsumer"
BOUND = claim("Bound", volumeName="pv-1")
OF_GP3 = claim(storageClassName="gp3")


@pytest.mark.parametrize(
    ("objects", "holds", "words"),
    [
        ((GONE,), True, "it doesn't exist"),
        ((DENIED,), None, "unknown: RBAC denies `get persistentvolumeclaims in d`."),
        ((claim("Bound", volumeName="pv-1", deleted="now"),), True, "it is being deleted"),
        ((claim("Lost", volumeName="pv-1"),), True, "Lost: its volume pv-1 no longer exists"),
        ((claim(),), True, "no storage class is set, and no existing volume was bound"),
        ((claim(storageClassName=""),), True, "no storage class is set"),
        ((OF_GP3, ReadObject(), GONE), True, "Pending: storage class gp3 doesn't exist"),
        ((OF_GP3, ReadObject(), DENIED), None, "storage class gp3 is unknown: RBAC denies"),
        ((OF_GP3, ReadObject(), storage_class()), True, "ebs.csi.aws.com of storage class gp3 has"),
        (
            (OF_GP3, ReadObject(), storage_class(WAITS)),
            False,
            "makes its volume once a node is chosen (WaitForFirstConsumer)",
        ),
        (
            (claim(storageClassName="gp3", node="n1"), ReadObject(), storage_class(WAITS)),
            True,
            "node n1 was chosen, but provisioner ebs.csi.aws.com of storage class gp3 hasn't",
        ),
        (
            (
                OF_GP3,
                ReadObject(),
                storage_class(WAITS, provisioner="kubernetes.io/no-provisioner"),
            ),
            None,
            "storage class gp3 provisions nothing; no existing volume",
        ),
        ((BOUND, volume()), False, "Bound to pv-1"),
        ((BOUND, GONE), True, "Bound to pv-1, which doesn't exist"),
        ((BOUND, DENIED), None, "Bound to pv-1; its zone is unknown: RBAC denies"),
        ((claim(volumeName="pv-1"), volume()), True, "names volume pv-1, which isn't bound to it"),
    ],
)
def test_a_claims_state_is_told_with_what_was_not_read(
    objects: tuple[ReadObject, ...], holds: bool | None, words: str
) -> None:
    state = state_of(ClaimObjects("data", *objects))
    assert words in state.sentence
    assert state.holds is holds


def test_only_what_decides_is_read_of_a_claim() -> None:
    assert names_of(BOUND) == ("pv-1", "")
    assert names_of(OF_GP3) == ("", "gp3")
    assert names_of(claim("Bound", volumeName="pv-1", storageClassName="gp3")) == ("pv-1", "")
    assert names_of(GONE) == ("", "")


@pytest.mark.parametrize(
    ("read", "labels", "fits"),
    [
        (volume(zone("a", "b")), {"topology.kubernetes.io/zone": "a"}, True),
        (volume(zone("a", "b")), {"topology.kubernetes.io/zone": "c"}, False),
        (volume(zone("a")), {}, False),
        (volume(zone("a"), zone("c")), {"topology.kubernetes.io/zone": "c"}, True),
        (volume(), {}, True),
        # By the labels of volumes made before node affinity, as the plugin VolumeZone reads them:
        (volume(**{"topology.kubernetes.io_zone": "a__b"}), {}, True),
        (
            volume(**{"topology.kubernetes.io_zone": "a__b"}),
            {"topology.kubernetes.io/zone": "c"},
            False,
        ),
        (
            volume(**{"failure-domain.beta.kubernetes.io_zone": "a"}),
            {"topology.kubernetes.io/zone": "a"},
            True,
        ),
    ],
)
def test_the_nodes_of_a_volume_are_those_that_the_scheduler_takes(
    read: ReadObject, labels: dict[str, str], fits: bool
) -> None:
    reach = state_of(ClaimObjects("data", BOUND, read)).reach
    assert reach is not None
    assert reach.has(labels, "n1") is fits


def test_a_new_volume_is_limited_to_the_topologies_of_its_class() -> None:
    key = "topology.ebs.csi.aws.com/zone"
    terms = [{"matchLabelExpressions": [{"key": key, "values": ["a", "b"]}]}]
    read = storage_class(WAITS, allowedTopologies=terms)
    reach = state_of(ClaimObjects("data", OF_GP3, ReadObject(), read)).reach
    assert reach is not None
    assert reach.has({key: "b"}, "n1")
    assert not reach.has({key: "c"}, "n1")
    assert reach.place == f"{key} In a, b"
