"""From the API's JSON to rows: what arrives, what may be missing, and what is shared."""

import json
from typing import Any, get_args, get_type_hints

import msgspec
import pytest

from eksview.domain.kube.api_types import Pod, Status, labels_text
from eksview.domain.resources.events import Event, event_row
from eksview.domain.resources.leases import Lease, lease_row
from eksview.domain.resources.nodes import RESOURCE as NODE
from eksview.domain.resources.nodes import Node, node_row
from eksview.domain.resources.pods import RESOURCE as POD
from eksview.domain.resources.pods import pod_row
from eksview.domain.resources.registry import RESOURCES, WATCHED, AnyResource
from eksview.domain.rows.kube import KUBE_KINDS, Amounts, Condition, Kind, PodRow, Requests, Taint

Json = dict[str, Any]

API_POD: Json = {
    "metadata": {
        "name": "api-679965c58f-9fs2n",
        "namespace": "shop",
        "uid": "bd35c1cf",
        "resourceVersion": "460",
        "creationTimestamp": "2026-11-23T07:43:34Z",
        "labels": {"pod-template-hash": "679965c58f", "app": "api"},
        "ownerReferences": [
            {"kind": "Config", "name": "x"},
            {
                "apiVersion": "apps/v1",
                "kind": "ReplicaSet",
                "name": "api-679965c58f",
                "controller": True,
            },
        ],
    },
    "spec": {
        "nodeName": "ip-10-0-2-234",
        "containers": [
            {
                "name": "api",
                "resources": {
                    "requests": {"cpu": "250m", "memory": "64Mi", "nvidia.com/gpu": "1"},
                    "limits": {"memory": "128Mi"},
                },
            }
        ],
        "readinessGates": [{"conditionType": "example.com/a"}, {"conditionType": "example.com/b"}],
    },
    "status": {
        "phase": "Running",
        "podIP": "192.168.1.8",
        "podIPs": [{"ip": "192.168.1.8"}, {"ip": "fd00::8"}],
        "nominatedNodeName": "ip-10-0-9-9",
        "conditions": [{"type": "example.com/b", "status": "True", "lastProbeTime": None}],
        "containerStatuses": [
            {
                "name": "api",
                "ready": True,
                "restartCount": 2,
                "state": {"running": {"startedAt": "2026-11-23T07:43:35Z"}},
                "lastState": {"terminated": {"exitCode": 1, "finishedAt": "2026-11-23T07:43:35Z"}},
            }
        ],
    },
}


def watch_line(kind: str, shape: Json) -> bytes:
    return json.dumps({"type": kind, "object": shape}).encode()


def test_a_pod_keeps_what_tables_and_sums_need() -> None:
    assert pod_row(msgspec.convert(API_POD, Pod)) == PodRow(
        uid="bd35c1cf",
        namespace="shop",
        name="api-679965c58f-9fs2n",
        node="ip-10-0-2-234",
        status="Running",
        ready=1,
        containers=1,
        restarts=2,
        restarted=1795419815.0,
        created=1795419814.0,
        ip="192.168.1.8",
        requests=Requests(250, 64 * 2**20, 0, 128 * 2**20),
        labels="app=api,pod-template-hash=679965c58f",
        owner="ReplicaSet/api-679965c58f",
        owner_api="apps/v1",
        counted=True,
        nominated="ip-10-0-9-9",
        gates="1/2",
    )


@pytest.mark.parametrize(
    ("phase", "counted"),
    [
        ("Pending", True),
        ("Running", True),
        ("Unknown", True),
        ("Succeeded", False),
        ("Failed", False),
    ],
)
def test_a_pod_that_has_ended_no_longer_counts(phase: str, counted: bool) -> None:
    pod = msgspec.convert({"metadata": {}, "status": {"phase": phase}}, Pod)
    assert pod_row(pod).counted is counted


def test_pods_of_one_template_share_what_they_have_in_common() -> None:
    one = pod_row(POD.decode_watch(watch_line("ADDED", API_POD)).object)
    other = pod_row(POD.decode_watch(watch_line("ADDED", API_POD)).object)
    for field in ("namespace", "node", "status", "labels", "owner", "requests"):
        assert getattr(one, field) is getattr(other, field), field


def test_a_node_keeps_conditions_taints_and_amounts() -> None:
    raw = {
        "metadata": {"name": "n1", "uid": "u1", "creationTimestamp": "2026-11-23T07:42:00Z"},
        "spec": {
            "unschedulable": True,
            "providerID": "aws:///us-west-2a/i-0abc",
            "taints": [{"key": "gpu", "effect": "NoSchedule"}],
        },
        "status": {
            "capacity": {"cpu": "2", "memory": "8Gi", "pods": "29", "ephemeral-storage": "20Gi"},
            "allocatable": {"cpu": "1930m", "memory": "7Gi", "pods": "29"},
            "conditions": [
                {
                    "type": "Ready",
                    "status": "True",
                    "reason": "KubeletReady",
                    "lastHeartbeatTime": "2026-11-23T07:42:01Z",
                    "lastTransitionTime": None,
                }
            ],
            "addresses": [
                {"type": "Hostname", "address": "n1"},
                {"type": "InternalIP", "address": "10.0.1.4"},
                {"type": "InternalIP", "address": "fd00::4"},
            ],
            "nodeInfo": {
                "kubeletVersion": "v1.33.1",
                "osImage": "Bottlerocket OS",
                "kernelVersion": "6.1.0",
                "containerRuntimeVersion": "containerd://2.0",
                "architecture": "arm64",
            },
        },
    }
    row = node_row(msgspec.convert(raw, Node))
    assert row.conditions == (Condition("Ready", "True", "KubeletReady", "", 1795419721.0, None),)
    assert row.taints == (Taint("gpu", "", "NoSchedule"),)
    assert row.capacity == Amounts(2000, 8 * 2**30, 29, 20 * 2**30)
    assert row.allocatable == Amounts(1930, 7 * 2**30, 29, 0)
    assert (row.internal_ip, row.external_ip) == ("10.0.1.4", "")
    assert (row.kubelet, row.architecture, row.kernel) == ("v1.33.1", "arm64", "6.1.0")
    assert (row.unschedulable, row.deleted, row.key) == (True, None, "n1")


def test_a_lease_keeps_who_holds_it_and_since_when() -> None:
    raw = {
        "metadata": {
            "name": "apiserver-x",
            "namespace": "kube-system",
            "labels": {"apiserver.kubernetes.io/identity": "kube-apiserver"},
        },
        "spec": {
            "holderIdentity": "apiserver-x_1",
            "leaseDurationSeconds": 3600,
            "renewTime": "2026-11-23T07:43:34.500000Z",
        },
    }
    row = lease_row(msgspec.convert(raw, Lease))
    assert (row.key, row.holder, row.identity) == (
        "kube-system/apiserver-x",
        "apiserver-x_1",
        "kube-apiserver",
    )
    assert (row.renewed, row.acquired, row.duration, row.transitions) == (
        1795419814.5,
        None,
        3600,
        0,
    )


def test_an_event_of_the_old_kind_is_read() -> None:
    raw = {
        "metadata": {"name": "e", "namespace": "default", "uid": "u"},
        "involvedObject": {"kind": "Node", "name": "n1", "uid": "n1"},
        "reason": "NodeNotReady",
        "message": "status is now: NodeNotReady",
        "source": {"component": "node-controller"},
        "firstTimestamp": "2026-11-23T07:43:34Z",
        "lastTimestamp": "2026-11-23T07:43:44Z",
        "count": 3,
        "type": "Warning",
        "eventTime": None,
    }
    row = event_row(msgspec.convert(raw, Event))
    assert (row.about, row.source, row.count) == ("Node//n1", "node-controller", 3)
    assert (row.first, row.last) == (1795419814.0, 1795419824.0)


def test_an_event_of_the_new_kind_is_read() -> None:
    raw = {
        "metadata": {"name": "e", "namespace": "shop", "uid": "u"},
        "involvedObject": {"kind": "Pod", "namespace": "shop", "name": "p"},
        "reportingComponent": "default-scheduler",
        "firstTimestamp": None,
        "lastTimestamp": None,
        "eventTime": "2026-11-23T07:43:34.000000Z",
        "series": {"count": 7, "lastObservedTime": "2026-11-23T07:43:44.000000Z"},
    }
    row = event_row(msgspec.convert(raw, Event))
    assert (row.about, row.source, row.count) == ("Pod/shop/p", "default-scheduler", 7)
    assert (row.first, row.last) == (1795419814.0, 1795419824.0)


@pytest.mark.parametrize("resource", WATCHED)
@pytest.mark.parametrize("raw", [{}, {"metadata": {}}, {"metadata": {}, "spec": None}])
def test_an_object_with_nothing_in_it_makes_a_row(resource: AnyResource, raw: Json) -> None:
    assert resource.row(resource.decode_watch(watch_line("ADDED", raw)).object).uid == ""


def test_a_pod_bookmark_decodes_and_tells_the_end_of_the_initial_events() -> None:
    bookmark = {
        "kind": "Pod",
        "metadata": {
            "resourceVersion": "608",
            "creationTimestamp": None,
            "annotations": {"k8s.io/initial-events-end": "true"},
        },
        "spec": {"containers": None},
        "status": {},
    }
    event = POD.decode_watch(watch_line("BOOKMARK", bookmark))
    assert event.type == "BOOKMARK"
    assert event.object.metadata.resource_version == "608"
    assert event.object.metadata.annotations.initial_events_end == "true"


@pytest.mark.parametrize("resource", WATCHED)
def test_an_error_event_is_read_as_the_status_it_is(resource: AnyResource) -> None:
    status = {
        "kind": "Status",
        "metadata": {},
        "status": "Failure",
        "message": "too old resource version: 1 (274)",
        "reason": "Expired",
        "code": 410,
    }
    event = resource.decode_watch(watch_line("ERROR", status))
    assert (event.type, event.object) == (
        "ERROR",
        Status("too old resource version: 1 (274)", "Expired", 410),
    )


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"<html>502</html>",
        b'{"type":"ADDED","object":{"metadata":',
        b'{"type":"ADDED"}',
        b'{"type":"ADDED","object":"Failure"}',
    ],
)
def test_a_line_that_is_no_event_is_refused(line: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        POD.decode_watch(line)


def test_a_page_tells_where_the_next_begins_and_how_much_is_left() -> None:
    body = {"metadata": {"resourceVersion": "9", "continue": "abc", "remainingItemCount": 2}}
    page = POD.decode_list(json.dumps({**body, "items": [API_POD]}).encode())
    assert page.metadata.continue_ == "abc"
    assert page.metadata.remaining_item_count == 2
    assert page.items is not None
    assert page.items[0].metadata.name == "api-679965c58f-9fs2n"


def test_an_empty_list_may_be_null() -> None:
    assert NODE.decode_list(b'{"metadata":{},"items":null}').items is None


def test_labels_are_one_sorted_text() -> None:
    assert labels_text({"b": "2", "a": ""}) == "a=,b=2"
    assert labels_text(None) == ""


@pytest.mark.parametrize("kind", KUBE_KINDS)
def test_the_rows_of_a_resource_have_the_type_of_its_table(kind: Kind) -> None:
    returned = get_type_hints(RESOURCES[kind].row)["return"]
    assert kind.row in (returned, *get_args(returned))
