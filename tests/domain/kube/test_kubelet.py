"""How a kubelet reports, read from its configuration and from its lease."""

import pytest

from eksview.domain.kube.kubelet import (
    Eviction,
    Heartbeats,
    ReportPeriods,
    config,
    is_of,
    monitor_grace,
)

CONFIGZ = {
    "kubeletconfig": {
        "nodeStatusUpdateFrequency": "10s",
        "nodeStatusReportFrequency": "5m0s",
        "nodeLeaseDurationSeconds": 40,
        "maxPods": 58,
        "serverTLSBootstrap": True,
        "evictionHard": {"nodefs.available": "10%", "memory.available": "100Mi"},
        "evictionSoft": {"memory.available": "200Mi"},
        "evictionSoftGracePeriod": {"memory.available": "1m30s"},
    }
}


@pytest.mark.parametrize(
    ("server", "seconds"),
    [("v1.31.14-eks-1", 40), ("v1.32.0-eks-1", 50), ("v1.33.4", 50), ("v2.0.0", 50), ("", None)],
)
def test_the_grace_period_grew_with_1_32(server, seconds):
    assert monitor_grace(server) == seconds


def test_what_says_how_the_node_reports():
    found = config(CONFIGZ)
    assert (found.status_update, found.status_report, found.lease, found.renewal) == (
        10.0, 300.0, 40.0, 10.0,
    )  # fmt: skip
    assert found.max_pods == 58
    assert found.evictions == (
        Eviction("memory.available", "100Mi"),
        Eviction("nodefs.available", "10%"),
        Eviction("memory.available", "200Mi", "1m30s"),
    )


@pytest.mark.parametrize("document", [None, [], {}, {"kubeletconfig": "no"}, "text"])
def test_anything_else_is_no_configuration(document):
    assert config(document) is None


@pytest.mark.parametrize("odd", [{"evictionHard": [1]}, {"maxPods": "many"}, {"nodeLease": {}}])
def test_odd_members_are_unsaid(odd):
    found = config({"kubeletconfig": odd})
    assert (found.max_pods, found.evictions, found.lease, found.renewal) == (None, (), None, None)


@pytest.mark.parametrize(
    ("renewals", "pace"),
    [
        ([], ReportPeriods(0, None, None, 0)),
        ([100.0], ReportPeriods(0, None, None, 0)),
        ([100.0, 100.0, 110.0], ReportPeriods(1, 10.0, 10.0, 0)),
        ([100.0, 110.0, 130.0], ReportPeriods(2, 15.0, 20.0, 1)),
        ([100.0, None, 115.0], ReportPeriods(1, 15.0, 15.0, 0)),
        ([110.0, 100.0, 120.0], ReportPeriods(1, 10.0, 10.0, 0)),
    ],
)
def test_the_period_is_measured_from_what_arrives(renewals, pace):
    beats = Heartbeats()
    for each in renewals:
        beats.note(each)
    assert beats.pace(10.0) == pace


def test_a_request_is_its_nodes_by_its_user():
    assert is_of("system:node:ip-10-0-1-2.ec2.internal", "ip-10-0-1-2.ec2.internal")
    assert not is_of("system:node:ip-10-0-1-20.ec2.internal", "ip-10-0-1-2.ec2.internal")
    assert not is_of("ip-10-0-1-2", "ip-10-0-1-2")
