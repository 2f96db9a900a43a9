"""The pods of an object: those that it owns or selects, and their phases."""

from collections.abc import Callable, Collection, Iterable
from typing import Any

from eksview.domain.base.json_values import at
from eksview.domain.describe.common import PodPhases, selector_text
from eksview.domain.filter.errors import FilterError
from eksview.domain.filter.label_selector import labels_of, parse_selector
from eksview.domain.guides.guide import PodsBy
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.rows.kube import PodRow

PodTest = Callable[[PodRow], bool]


def pods_of(by: PodsBy, ref: ObjectRef, whole: Any, owners: Collection[str]) -> PodTest:
    """Return the test of an object's pods; `owners` are its UID and those of its children."""
    if by == "namespace":
        return lambda pod: pod.namespace == ref.name
    if by == "selector":
        return _selected(ref.namespace, whole)
    return lambda pod: pod.owner_uid in owners


def pod_selector(whole: Any) -> str:
    """Return the selector of an object's pods as the API takes it; empty without one.

    That of a service and of a ReplicationController is a plain map of labels.
    """
    selector = at(whole, "spec", "selector") or {}
    labelled = {"matchLabels", "matchExpressions"} & set(selector)
    return selector_text(selector if labelled else {"matchLabels": selector}, "")


def _selected(namespace: str, whole: Any) -> PodTest:
    """Return the test of a selector; none is selected before it was read, or without one."""
    try:
        requirements = parse_selector(pod_selector(whole))
    except FilterError:
        requirements = ()
    if not requirements:
        return lambda _: False

    def test(pod: PodRow) -> bool:
        if pod.namespace != namespace:
            return False
        labels = labels_of(pod.labels)
        return all(requirement.matches(labels) for requirement in requirements)

    return test


def phases_of(pods: Iterable[PodRow]) -> PodPhases:
    """Return pods by phase, as kubectl counts those of a controller."""
    counts = {"running": 0, "waiting": 0, "succeeded": 0, "failed": 0}
    for pod in pods:
        counts[_phase(pod)] += 1
    return PodPhases(**counts)


def _phase(pod: PodRow) -> str:
    if not pod.counted:
        return "failed" if pod.failed else "succeeded"
    return "waiting" if pod.pending else "running"
