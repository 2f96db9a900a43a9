"""The guides to resources: what is trouble, by the words that kube-apiserver's printers print.

Source of the words: k8s.io/kubernetes/pkg/printers/internalversion/printers.go.
"""

import pytest

from eksview.domain.base.health import Health
from eksview.domain.guides.registry import GUIDES, guide_to

OK, WARN, BAD, UNKNOWN = Health.OK, Health.WARN, Health.BAD, Health.UNKNOWN

STATES: list[tuple[str, dict[str, str], Health | None, set[str]]] = [
    ("deployments.apps", {"ready": "2/2"}, OK, set()),
    ("deployments.apps", {"ready": "1/2"}, WARN, {"ready"}),
    ("deployments.apps", {"ready": "0/2"}, BAD, {"ready"}),
    ("deployments.apps", {"ready": "0/0"}, OK, set()),
    ("deployments.apps", {}, None, set()),
    ("replicasets.apps", {"ready": "0", "desired": "0"}, OK, set()),
    ("replicasets.apps", {"ready": "1", "desired": "3"}, WARN, {"ready"}),
    ("replicasets.apps", {"ready": "0", "desired": "3"}, BAD, {"ready"}),
    ("replicationcontrollers", {"ready": "0", "desired": "1"}, BAD, {"ready"}),
    ("statefulsets.apps", {"ready": "2/3"}, WARN, {"ready"}),
    ("daemonsets.apps", {"desired": "6", "ready": "6", "available": "6"}, OK, set()),
    ("daemonsets.apps", {"desired": "6", "ready": "6", "available": "5"}, WARN, {"available"}),
    ("daemonsets.apps", {"desired": "6", "ready": "0", "available": "0"}, BAD,
     {"ready", "available"}),
    ("jobs.batch", {"status": "Complete"}, OK, set()),
    ("jobs.batch", {"status": "Running"}, OK, set()),
    ("jobs.batch", {"status": "Running", "active pods": "1/1"}, OK, set()),
    ("jobs.batch", {"status": "Running", "active pods": "1/3"}, WARN, {"status"}),
    ("jobs.batch", {"status": "Running", "active pods": "0/3"}, BAD, {"status"}),
    ("jobs.batch", {"status": "Suspended", "active pods": ""}, WARN, {"status"}),
    ("jobs.batch", {"status": "Suspended"}, WARN, {"status"}),
    ("jobs.batch", {"status": "FailureTarget"}, BAD, {"status"}),
    ("jobs.batch", {"status": "Failed"}, BAD, {"status"}),
    ("cronjobs.batch", {"suspend": "True", "active": "0"}, None, set()),
    ("services", {"external-ip": "<none>"}, None, set()),
    ("services", {"external-ip": "<pending>"}, WARN, {"external-ip"}),
    ("endpoints", {"endpoints": "10.0.0.1:80"}, OK, set()),
    ("endpoints", {"endpoints": "<none>"}, WARN, {"endpoints"}),
    ("endpointslices.discovery.k8s.io", {"endpoints": "<unset>"}, WARN, {"endpoints"}),
    ("persistentvolumeclaims", {"status": "Bound"}, OK, set()),
    ("persistentvolumeclaims", {"status": "Pending"}, WARN, {"status"}),
    ("persistentvolumeclaims", {"status": "Lost"}, BAD, {"status"}),
    ("persistentvolumeclaims", {"status": "Terminating"}, WARN, {"status"}),
    ("persistentvolumes", {"status": "Available"}, OK, set()),
    ("persistentvolumes", {"status": "Released"}, WARN, {"status"}),
    ("persistentvolumes", {"status": "Failed"}, BAD, {"status"}),
    ("namespaces", {"status": "Active"}, OK, set()),
    ("namespaces", {"status": "Terminating"}, WARN, {"status"}),
    ("events", {"type": "Normal"}, OK, set()),
    ("events", {"type": "Warning"}, WARN, {"type"}),
    ("poddisruptionbudgets.policy", {"allowed disruptions": "1"}, OK, set()),
    ("poddisruptionbudgets.policy", {"allowed disruptions": "0"}, WARN, {"allowed disruptions"}),
    ("horizontalpodautoscalers.autoscaling", {"targets": "cpu: 58%/70%"}, None, set()),
    ("horizontalpodautoscalers.autoscaling", {"targets": "cpu: <unknown>/70%"}, WARN, {"targets"}),
    ("certificatesigningrequests.certificates.k8s.io", {"condition": "Approved,Issued"}, OK, set()),
    ("certificatesigningrequests.certificates.k8s.io", {"condition": "Pending"}, WARN,
     {"condition"}),
    ("certificatesigningrequests.certificates.k8s.io", {"condition": "Denied"}, BAD, {"condition"}),
    ("certificatesigningrequests.certificates.k8s.io", {"condition": "Approved,Failed"}, BAD,
     {"condition"}),
    ("apiservices.apiregistration.k8s.io", {"available": "True"}, OK, set()),
    ("apiservices.apiregistration.k8s.io", {"available": "False (MissingEndpoints)"}, BAD,
     {"available"}),
    ("nodeclaims.karpenter.sh", {"ready": "Unknown"}, UNKNOWN, {"ready"}),
    ("nodepools.karpenter.sh", {"ready": "False"}, BAD, {"ready"}),
    # Resources without a guide are judged by the usual words.
    ("widgets.example.com", {"ready": "True"}, OK, set()),
    ("widgets.example.com", {"ready": "1/3"}, WARN, {"ready"}),
    ("widgets.example.com", {"status": "Degraded"}, WARN, {"status"}),
    ("widgets.example.com", {"phase": "Failed", "status": "Ready"}, BAD, {"phase"}),
    ("widgets.example.com", {"status": "a word of its own"}, None, set()),
    ("widgets.example.com", {}, None, set()),
]  # fmt: skip


@pytest.mark.parametrize(
    ("resource", "cells", "health", "troubled"),
    STATES,
    ids=[f"{name}-{'-'.join(cells.values()) or 'none'}" for name, cells, _, _ in STATES],
)
def test_trouble_is_what_its_columns_say(
    resource: str, cells: dict[str, str], health: Health | None, troubled: set[str]
) -> None:
    guide = guide_to(resource)
    assert guide.health(cells.get) == health
    assert set(guide.troubled(cells.get)) == troubled


def test_every_guide_with_rules_is_in_the_table() -> None:
    judged = {name for name, *_ in STATES}
    with_rules = {guide.resource for guide in GUIDES if guide.rules}
    same = {"events.events.k8s.io"}  # the same rules as those of events
    assert with_rules - judged == same
    assert len({guide.resource for guide in GUIDES}) == len(GUIDES)
