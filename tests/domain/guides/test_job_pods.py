"""The pods that a Job should have, as Kubernetes' Job controller counts them (`manageJob`)."""

from typing import Any

import pytest

from eksview.domain.guides.job_pods import ACTIVE_PODS

STARTED = {"startTime": "2026-01-01T00:00:00Z", "ready": 0}
THREE = {"parallelism": 3, "completions": 3}


def told(spec: dict[str, Any], status: dict[str, Any], **metadata: Any) -> str:
    return ACTIVE_PODS.text({"kind": "Job", "metadata": metadata, "spec": spec, "status": status})


@pytest.mark.parametrize(
    ("spec", "status", "pods"),
    [
        (THREE, {}, "0/3"),  # all are refused: the API leaves out an active of 0
        (THREE, {"active": 2}, "2/3"),
        (THREE, {"active": 3}, "3/3"),
        (THREE, {"active": 1, "succeeded": 2}, "1/1"),
        (THREE, {"succeeded": 2, "uncountedTerminatedPods": {"succeeded": ["a"]}}, "0/0"),
        ({"parallelism": 2, "completions": 9}, {"active": 2, "succeeded": 1}, "2/2"),
        ({"parallelism": 0, "completions": 1}, {}, "0/0"),
        ({"parallelism": 2}, {}, "0/2"),
        ({"parallelism": 2}, {"active": 1, "succeeded": 1}, "1/1"),
        ({**THREE, "podReplacementPolicy": "Failed"}, {"active": 1, "terminating": 2}, "3/3"),
        ({**THREE, "podReplacementPolicy": "TerminatingOrFailed"}, {"terminating": 3}, "0/3"),
        (THREE, {"failedIndexes": "0-2"}, ""),
        ({**THREE, "suspend": True}, {}, ""),
        (THREE, {"conditions": [{"type": "SuccessCriteriaMet", "status": "True"}]}, ""),
        (THREE, {"conditions": [{"type": "Suspended", "status": "False"}]}, "0/3"),
    ],
)
def test_active_pods_are_those_beside_the_ones_that_the_controller_wants(
    spec: dict[str, Any], status: dict[str, Any], pods: str
) -> None:
    assert told(spec, STARTED | status) == pods


def test_a_job_that_the_controller_has_not_seen_or_that_is_deleted_wants_none() -> None:
    assert told(THREE, {}) == ""
    assert told(THREE, STARTED, deletionTimestamp="2026-01-01T00:00:00Z") == ""
    assert ACTIVE_PODS.text("no object") == ""
