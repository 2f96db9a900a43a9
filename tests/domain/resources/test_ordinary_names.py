"""Names and labels of objects on the screens: as kubectl shows them, unless they are credentials.

The grammar is that of Kubernetes: DNS-1123 names, label values of 63 characters at most. The words
are those that tools put there: Helm, Argo CD, Vault, External Secrets, Sealed Secrets, cosign.
"""

import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksview.domain.resources.nodes import RESOURCE as NODES
from eksview.domain.resources.pods import RESOURCE as PODS
from eksview.domain.rows.kube import NodeRow, PodRow

WORDS = ["token", "secret", "secrets", "password", "pass", "pwd", "api-key", "access-key", "bearer",
         "credentials", "signature", "session-key", "vault", "web", "store", "rotation", "policy",
         "broker", "external", "sealed", "csi", "x-amz"]  # fmt: skip
hashes = st.text("0123456789abcdef", min_size=40, max_size=40)  # of git
names = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map("-".join)
domains = st.sampled_from(["", "app.kubernetes.io/", "secrets.hashicorp.com/", "ci.corp.example/"])
keys = st.builds("{}{}".format, domains, names)
versions = st.builds("v{}.{}.{}".format, *[st.integers(0, 99)] * 3)
values = st.one_of(
    names, hashes, versions, names.map(str.title), names.map("Release_{}.final".format),
    st.uuids().map(str), st.sampled_from(["", "true", "Helm", "weekly", "rotate-90d", "v3"]),
)  # fmt: skip
labels = st.dictionaries(keys, values, max_size=6)


def pod_row(**metadata: object) -> PodRow:
    item = {"metadata": {"name": "web-1", "namespace": "shop", "uid": "u1", **metadata}}
    decoded = PODS.decode_watch(json.dumps({"type": "ADDED", "object": item}).encode()).object
    row = PODS.to_row(decoded)
    assert isinstance(row, PodRow)
    return row


def node_row(**metadata: object) -> NodeRow:
    item = {"metadata": {"name": "node-1", "uid": "u1", **metadata}}
    decoded = NODES.decode_watch(json.dumps({"type": "ADDED", "object": item}).encode()).object
    row = NODES.to_row(decoded)
    assert isinstance(row, NodeRow)
    return row


@given(labels)
def test_labels_are_shown_as_they_are(labels):
    assert pod_row(labels=labels).labels == ",".join(
        f"{key}={value}" for key, value in sorted(labels.items())
    )
    assert node_row(labels=labels).labels == labels


@given(name=names, suffix=st.text(string.ascii_lowercase + string.digits, min_size=5, max_size=10),
       kind=st.sampled_from(["ReplicaSet", "StatefulSet", "Job", "SecretRotation"]))  # fmt: skip
def test_names_and_owners_are_shown_as_they_are(name, suffix, kind):
    owner = {"kind": kind, "name": f"{name}-{suffix}", "controller": True, "uid": "u2"}
    row = pod_row(name=f"{name}-{suffix}", namespace=name, ownerReferences=[owner])
    assert (row.name, row.namespace) == (f"{name}-{suffix}", name)
    assert row.owner == f"{kind}/{name}-{suffix}"


@pytest.mark.parametrize(
    "credential",
    ["AKIAIOSFODNN7EXAMPLE", "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
     "wJalrXUtnFEMIK7MDENGPbPxRfiCYEX4MPLEKEYs"],
)  # fmt: skip
def test_a_credential_in_a_label_is_masked(credential):
    assert pod_row(labels={"a": "b", "owner": credential}).labels == "a=b,owner=…"


def test_a_label_that_no_server_accepts_cant_move_the_cursor():
    assert pod_row(labels={"a": "\x1b[2J"}).labels == "a=\\x1b[2J"
