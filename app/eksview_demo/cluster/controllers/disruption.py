"""PodDisruptionBudgets and HorizontalPodAutoscalers, which follow the workloads they are of."""

import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from msgspec import Struct

from eksview_demo.cluster.controllers import owner_shape
from eksview_demo.cluster.controllers.owners import Key, Owner
from eksview_demo.storage import template
from eksview_demo.storage.resources import AUTOSCALERS, BUDGETS, Resource
from eksview_demo.storage.storage import Draft, Storage
from eksview_demo.storage.template import rfc3339


class Budget(Struct, frozen=True):
    """What a budget allows: a minimum available, or a maximum unavailable."""

    least: int | str | None = None
    most: int | str | None = None


class Scaling(Struct, frozen=True):
    """The bounds of an autoscaler, its target in percent of the CPU requested and what is used."""

    least: int
    most: int
    target: int
    used: int | None


_BUDGETS: dict[str, Budget] = {
    "coredns": Budget(most=1),
    "ebs-csi-controller": Budget(most=1),
    "karpenter": Budget(most=1),
    "web": Budget(least="50%"),
    "api": Budget(most="25%"),
    "session-cache": Budget(most=1),
    "ledger-db": Budget(least=1),  # with one pod it allows no disruption
    "recommender": Budget(least=1),  # nor does it while both pods crash
}
_SCALINGS: dict[str, Scaling] = {
    "web": Scaling(2, 40, 70, 46),
    "api": Scaling(2, 30, 70, 58),
    "recommender": Scaling(2, 4, 80, None),  # no metrics of pods that crash
}


def objects(owner: Owner) -> Iterator[Resource]:
    """Yield the resources of which a workload has an object."""
    if owner.workload.kind not in ("Deployment", "StatefulSet"):
        return
    if owner.name in _BUDGETS:
        yield BUDGETS
    if owner.name in _SCALINGS:
        yield AUTOSCALERS


class Disruption:
    """The budgets and autoscalers of a cluster; one is stored when what it says has changed."""

    def __init__(self, storage: Storage, new_uid: Callable[..., str], created: float) -> None:
        self._storage = storage
        self._new_uid = new_uid
        self._created = created
        self._stored: dict[tuple[str, Key], tuple[int, ...]] = {}
        self._allowed_at: dict[Key, tuple[bool, float]] = {}

    def load(self, owners: Iterable[Owner], now: float) -> None:
        """Store those of a new cluster at once."""
        drafts: dict[Resource, list[Draft]] = {BUDGETS: [], AUTOSCALERS: []}
        for owner in owners:
            for resource, draft in self._changed(owner, now):
                drafts[resource].append(draft)
        for resource, loaded in drafts.items():
            self._storage.load(resource, loaded)

    def observe(self, owner: Owner, now: float) -> None:
        """Store what has changed with the number of a workload's pods."""
        for resource, draft in self._changed(owner, now):
            self._storage.put(resource, draft)

    def _changed(self, owner: Owner, now: float) -> Iterator[tuple[Resource, Draft]]:
        for resource in objects(owner):
            numbers = _numbers(resource, owner)
            key = (resource.name, owner.workload.key)
            if self._stored.get(key) != numbers:
                self._stored[key] = numbers
                yield resource, self._draft(resource, owner, numbers, now)

    def _draft(
        self, resource: Resource, owner: Owner, numbers: tuple[int, ...], now: float
    ) -> Draft:
        workload = owner.workload
        labels = owner_shape.labels(workload)
        metadata = {
            "name": owner.name,
            "namespace": workload.namespace,
            "uid": self._new_uid(resource.kind, workload.namespace, owner.name),
            "generation": 1,
            "creationTimestamp": rfc3339(self._created),
            "labels": labels,
        }
        if resource is BUDGETS:
            body = self._budget(owner, numbers, now)
        else:
            body = self._scaling(owner, numbers)
        tail = template.tail({"metadata": metadata} | body)
        return Draft(workload.namespace, owner.name, tail, labels)

    def _budget(self, owner: Owner, numbers: tuple[int, ...], now: float) -> dict[str, Any]:
        budget, (expected, healthy, desired, allowed) = _BUDGETS[owner.name], numbers
        may, at = self._allowed_at.get(owner.workload.key, (allowed > 0, self._created))
        if may is not (allowed > 0):
            may, at = allowed > 0, now
        self._allowed_at[owner.workload.key] = (may, at)
        reason = "SufficientPods" if may else "InsufficientPods"
        condition = owner_shape.condition("DisruptionAllowed", may, reason, "", at)
        bound = {"minAvailable": budget.least, "maxUnavailable": budget.most}
        spec = {key: value for key, value in bound.items() if value is not None}
        return {
            "spec": spec | {"selector": {"matchLabels": owner_shape.selector(owner.workload)}},
            "status": {
                "observedGeneration": 1,
                "disruptionsAllowed": allowed,
                "currentHealthy": healthy,
                "desiredHealthy": desired,
                "expectedPods": expected,
                "conditions": [condition | {"observedGeneration": 1}],
            },
        }

    def _scaling(self, owner: Owner, numbers: tuple[int, ...]) -> dict[str, Any]:
        scaling, (desired, current) = _SCALINGS[owner.name], numbers
        goal = {"type": "Utilization", "averageUtilization": scaling.target}
        spec = {
            "scaleTargetRef": {
                "kind": owner.workload.kind,
                "name": owner.name,
                "apiVersion": "apps/v1",
            },
            "minReplicas": scaling.least,
            "maxReplicas": scaling.most,
            "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": goal}}],
        }
        at, known = self._created, scaling.used is not None
        why = ("ValidMetricFound", "the HPA was able to successfully calculate a replica count")
        if not known:
            why = ("FailedGetResourceMetric", "the HPA was unable to compute the replica count")
        condition = owner_shape.condition
        status: dict[str, Any] = {
            "currentReplicas": current,
            "desiredReplicas": desired,
            "currentMetrics": None,
            "conditions": [
                condition("AbleToScale", True, "ReadyForNewScale", "recommended size matches", at),
                condition("ScalingActive", known, *why, at),
            ],
        }
        if known:
            used = {"averageUtilization": scaling.used, "averageValue": f"{scaling.used}m"}
            metric = {"type": "Resource", "resource": {"name": "cpu", "current": used}}
            status["currentMetrics"] = [metric]
        return {"spec": spec, "status": status}


def _numbers(resource: Resource, owner: Owner) -> tuple[int, ...]:
    pods, ready = owner.totals()
    if resource is AUTOSCALERS:
        return owner.desired, pods
    expected, budget = owner.desired, _BUDGETS[owner.name]
    if budget.least is not None:
        desired = _scaled(budget.least, expected)
    else:
        desired = max(0, expected - _scaled(budget.most or 0, expected))
    return expected, ready, desired, max(0, ready - desired)


def _scaled(value: int | str, total: int) -> int:
    """Return a number, or a percentage of a total rounded up as the controller does."""
    if isinstance(value, int):
        return value
    return math.ceil(int(value.rstrip("%")) * total / 100)
