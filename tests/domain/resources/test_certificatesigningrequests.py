"""Kubelets' certificate requests, and how far each has come."""

import msgspec
import pytest

from eksview.domain.resources.certificatesigningrequests import RESOURCE

SERVING = "kubernetes.io/kubelet-serving"
USER = "system:node:ip-10-0-1-2.us-west-2.compute.internal"


def body(status: object, signer: str = SERVING) -> bytes:
    item = {
        "metadata": {"name": "csr-1", "uid": "u", "creationTimestamp": "2027-01-15T08:00:00Z"},
        "spec": {"signerName": signer, "username": USER, "request": "LS0t"},
        "status": status,
    }
    return msgspec.json.encode({"items": [item], "metadata": {}})


def conditions(*types: str, certificate: str | None = None) -> dict:
    return {"conditions": [{"type": each} for each in types], "certificate": certificate}


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (None, "Pending"),
        ({}, "Pending"),
        ({"conditions": None}, "Pending"),
        (conditions("Approved"), "Approved"),
        (conditions("Approved", certificate="LS0t"), "Issued"),
        (conditions("Denied"), "Denied"),
        (conditions("Approved", "Failed"), "Failed"),
        (conditions("Approved", "Denied", certificate="LS0t"), "Denied"),
    ],
)
def test_a_request_is_as_far_as_its_conditions_say(status, state):
    rows, after = RESOURCE.page(body(status))
    assert [(row.name, row.user, row.state) for row in rows] == [("csr-1", USER, state)]
    assert (rows[0].created, rows[0].signer, after) == (1_800_000_000.0, SERVING, "")


@pytest.mark.parametrize(
    ("signer", "kept"),
    [
        (SERVING, 1),
        ("kubernetes.io/kube-apiserver-client-kubelet", 1),
        ("kubernetes.io/kube-apiserver-client", 0),
        ("example.com/mesh", 0),
    ],
)
def test_only_kubelets_requests_are_kept(signer, kept):
    assert len(RESOURCE.page(body(None, signer))[0]) == kept
