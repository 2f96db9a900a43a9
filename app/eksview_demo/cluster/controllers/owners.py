"""The controllers that own pods; their statuses follow the pods they count."""

import math
from collections import Counter
from collections.abc import Iterator
from typing import Any, ClassVar, TypeAlias

import msgspec

from eksview_demo.cluster.controllers import owner_shape
from eksview_demo.cluster.objects import quotas
from eksview_demo.cluster.pods.pod_state import PodState, Stage
from eksview_demo.cluster.workloads import Workload
from eksview_demo.storage import template
from eksview_demo.storage.resources import (
    CRON_JOBS,
    DAEMON_SETS,
    DEPLOYMENTS,
    JOBS,
    REPLICA_SETS,
    STATEFUL_SETS,
    Resource,
)
from eksview_demo.storage.storage import Draft
from eksview_demo.storage.template import rfc3339

Key: TypeAlias = tuple[str, str, str]
"""The kind, namespace and name of a workload."""

DEADLINE = 600.0  # seconds: a Deployment's progressDeadlineSeconds


class Owner:
    """An object with a pod template. `desired` is its number of pods.

    `pods` counts those that neither ended nor are deleted, `ready` those of them that are Ready.
    """

    resource: ClassVar[Resource]

    def __init__(self, workload: Workload, uid: str, created: float, desired: int = 0) -> None:
        self.workload = workload
        self.uid = uid
        self.created = created
        self.desired = desired
        self.generation = 1
        self.pods = 0
        self.ready = 0
        self.of_hash: Counter[str] = Counter()  # pods of each revision
        self.stored_at = created
        self._head = b""
        self._labels: dict[str, str] = {}

    @property
    def name(self) -> str:
        return self.workload.name

    def count(self, pod: PodState, value: int) -> None:
        """Count a pod as nothing, a pod or a ready pod instead of what it counted as before."""
        change = (value > 0) - (pod.counted > 0)
        self.pods += change
        self.of_hash[pod.workload.hash] += change
        self.ready += (value > 1) - (pod.counted > 1)

    def totals(self) -> tuple[int, int]:
        """Return the pods of all revisions, and those of them that are Ready."""
        return self.pods, self.ready

    def renew(self) -> None:
        """Encode metadata and spec again: they changed."""
        self.generation += 1
        self._head = b""

    def drafts(self, now: float) -> Iterator[tuple[Resource, Draft]]:
        """Yield what is stored when a count has changed."""
        yield self.resource, self.draft(now)

    def draft(self, now: float) -> Draft:
        """Return the object as stored."""
        if not self._head:
            document = {"metadata": self.metadata(), "spec": self.spec()}
            self._labels = document["metadata"]["labels"]
            self._head = template.tail(document)[:-1] + b',"status":'
        self.stored_at = now
        tail = self._head + msgspec.json.encode(self.status()) + b"}"
        return Draft(self.workload.namespace, self.name, tail, self._labels, self.fields())

    def fields(self) -> tuple[str, ...]:
        """Return the selectable fields."""
        return ()

    def metadata(self) -> dict[str, Any]:
        return owner_shape.metadata(self.workload, self.uid, self.created, self.generation)

    def spec(self) -> dict[str, Any]:
        raise NotImplementedError

    def status(self) -> dict[str, Any]:
        """Return the status, without the numbers that are 0 where the API omits them."""
        raise NotImplementedError


def _without_zeros(status: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in status.items() if value != 0}


class ReplicaSet(Owner):
    """The pods of one revision of a Deployment."""

    resource = REPLICA_SETS

    def __init__(
        self, deployment: "Deployment", workload: Workload, uid: str, created: float, revision: int
    ) -> None:
        super().__init__(workload, uid, created)
        self.deployment = deployment
        self.revision = revision

    @property
    def name(self) -> str:
        return self.workload.owner_name

    def drafts(self, now: float) -> Iterator[tuple[Resource, Draft]]:
        yield from super().drafts(now)
        yield from self.deployment.drafts(now)

    def scale(self, desired: int) -> bool:
        """Set the number of pods; return whether it changed."""
        if desired == self.desired:
            return False
        self.desired = desired
        self.renew()
        return True

    def fields(self) -> tuple[str, ...]:
        return (str(self.pods),)

    def metadata(self) -> dict[str, Any]:
        above, workload = self.deployment, self.workload
        reference = owner_shape.controller("Deployment", "apps/v1", above.name, above.uid)
        most = above.desired + math.ceil(above.desired * 0.25)
        about = {
            owner_shape.REVISION: str(self.revision),
            "deployment.kubernetes.io/desired-replicas": str(above.desired),
            "deployment.kubernetes.io/max-replicas": str(most),
        }
        return owner_shape.metadata(
            workload,
            self.uid,
            self.created,
            self.generation,
            self.name,
            labels=owner_shape.labels(workload) | {"pod-template-hash": workload.hash},
            annotations=owner_shape.annotations(workload) | about,
            ownerReferences=reference,
        )

    def spec(self) -> dict[str, Any]:
        workload = self.workload
        chosen = owner_shape.selector(workload) | {"pod-template-hash": workload.hash}
        return {
            "replicas": self.desired,
            "selector": {"matchLabels": chosen},
            "template": owner_shape.pod_template(workload, pod_template_hash=workload.hash),
        }

    def status(self) -> dict[str, Any]:
        counted = {
            "fullyLabeledReplicas": self.pods,
            "readyReplicas": self.ready,
            "availableReplicas": self.ready,
            "observedGeneration": self.generation,
        }
        failures = self.failures()
        return (
            {"replicas": self.pods}
            | _without_zeros(counted)
            | ({"conditions": failures} if failures else {})
        )

    def failures(self) -> list[dict[str, Any]]:
        """Return the condition that pods of this revision can't be created, if that is so."""
        refused = quotas.refusal(self.workload)
        if not refused or self.pods >= self.desired:
            return []
        at = self.created
        return [owner_shape.condition("ReplicaFailure", True, "FailedCreate", refused, at)]


class Deployment(Owner):
    """Pods that are replaced revision by revision; the last of its ReplicaSets is the newest."""

    resource = DEPLOYMENTS

    def __init__(self, workload: Workload, uid: str, created: float, desired: int = 0) -> None:
        super().__init__(workload, uid, created, desired)
        self.replica_sets: list[ReplicaSet] = []
        self.progress = "NewReplicaSetAvailable"
        self.progressed = created  # when the newest revision was made, or was complete
        self.available_at = (True, created)  # the Available condition and its last transition

    @property
    def newest(self) -> ReplicaSet:
        return self.replica_sets[-1]

    def totals(self) -> tuple[int, int]:
        sets = self.replica_sets
        return sum(each.pods for each in sets), sum(each.ready for each in sets)

    @property
    def revision(self) -> int:
        return self.newest.revision if self.replica_sets else 0

    def metadata(self) -> dict[str, Any]:
        about = {owner_shape.REVISION: str(self.revision)}
        return super().metadata() | {
            "annotations": about | owner_shape.annotations(self.workload),
        }

    def spec(self) -> dict[str, Any]:
        return {
            "replicas": self.desired,
            "selector": {"matchLabels": owner_shape.selector(self.workload)},
            "template": owner_shape.pod_template(self.workload),
            "strategy": owner_shape.STRATEGY,
            "revisionHistoryLimit": 10,
            "progressDeadlineSeconds": int(DEADLINE),
        }

    def status(self) -> dict[str, Any]:
        pods, ready = self.totals()
        counted = {
            "observedGeneration": self.generation,
            "replicas": pods,
            "updatedReplicas": self.newest.pods,
            "readyReplicas": ready,
            "availableReplicas": ready,
            "unavailableReplicas": max(0, pods - ready),
        }
        complete = self.newest.pods == pods == ready == self.desired
        return _without_zeros(counted) | {"conditions": self._conditions(ready, complete)}

    def _conditions(self, ready: int, complete: bool) -> list[dict[str, Any]]:
        now = self.stored_at
        available = ready >= self.desired - int(self.desired * 0.25)
        if available is not self.available_at[0]:
            self.available_at = (available, now)
        if self.progress == "ReplicaSetUpdated":
            if complete:
                self.progress, self.progressed = "NewReplicaSetAvailable", now
            elif now - self.progressed > DEADLINE:
                self.progress = "ProgressDeadlineExceeded"
        reason = "MinimumReplicasAvailable" if available else "MinimumReplicasUnavailable"
        has = "has" if available else "does not have"
        message = f"Deployment {has} minimum availability."
        conditions = [
            owner_shape.condition("Available", available, reason, message, self.available_at[1]),
            *self.newest.failures(),
            self._progressing(),
        ]
        for each in conditions:
            each["lastUpdateTime"] = each["lastTransitionTime"]
        return conditions

    def _progressing(self) -> dict[str, Any]:
        done = {
            "NewReplicaSetAvailable": "has successfully progressed",
            "ReplicaSetUpdated": "is progressing",
            "ProgressDeadlineExceeded": "has timed out progressing",
        }[self.progress]
        on = self.progress != "ProgressDeadlineExceeded"
        message = f'ReplicaSet "{self.newest.name}" {done}.'
        return owner_shape.condition("Progressing", on, self.progress, message, self.progressed)


class StatefulSet(Owner):
    """Pods with names and claims of their own."""

    resource = STATEFUL_SETS

    def spec(self) -> dict[str, Any]:
        workload = self.workload
        return {
            "replicas": self.desired,
            "selector": {"matchLabels": owner_shape.selector(workload)},
            "template": owner_shape.pod_template(workload),
            "volumeClaimTemplates": [owner_shape.claim_template()],
            "serviceName": workload.name,
            "podManagementPolicy": "OrderedReady",
            "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}},
            "revisionHistoryLimit": 10,
            "persistentVolumeClaimRetentionPolicy": {
                "whenDeleted": "Retain",
                "whenScaled": "Retain",
            },
        }

    def status(self) -> dict[str, Any]:
        updated = self.of_hash[self.workload.hash]
        revision = f"{self.name}-{self.workload.hash}"
        counted = {
            "observedGeneration": self.generation,
            "readyReplicas": self.ready,
            "currentReplicas": updated,
            "updatedReplicas": updated,
        }
        return (
            {"replicas": self.pods, "availableReplicas": self.ready}
            | _without_zeros(counted)
            | {"currentRevision": revision, "updateRevision": revision, "collisionCount": 0}
        )


class DaemonSet(Owner):
    """One pod on each node; `nodes` are those that should have one."""

    resource = DAEMON_SETS

    def __init__(self, workload: Workload, uid: str, created: float) -> None:
        super().__init__(workload, uid, created)
        self.nodes: set[str] = set()

    def metadata(self) -> dict[str, Any]:
        about = {"deprecated.daemonset.template.generation": str(self.generation)}
        return super().metadata() | {
            "annotations": about | owner_shape.annotations(self.workload),
        }

    def spec(self) -> dict[str, Any]:
        return {
            "selector": {"matchLabels": owner_shape.selector(self.workload)},
            "template": owner_shape.pod_template(self.workload),
            "updateStrategy": {
                "type": "RollingUpdate",
                "rollingUpdate": {"maxUnavailable": "10%", "maxSurge": 0},
            },
            "revisionHistoryLimit": 10,
        }

    def status(self) -> dict[str, Any]:
        desired = len(self.nodes)
        counted = {
            "observedGeneration": self.generation,
            "updatedNumberScheduled": self.of_hash[self.workload.hash],
            "numberAvailable": self.ready,
            "numberUnavailable": max(0, desired - self.ready),
        }
        return {
            "currentNumberScheduled": min(self.pods, desired),
            "numberMisscheduled": 0,
            "desiredNumberScheduled": desired,
            "numberReady": self.ready,
        } | _without_zeros(counted)


class CronJob(Owner):
    """A schedule whose Jobs are kept in `jobs`, the newest last."""

    resource = CRON_JOBS

    def __init__(self, workload: Workload, uid: str, created: float, schedule: str) -> None:
        super().__init__(workload, uid, created)
        self.schedule = schedule
        self.suspended = False
        self.jobs: list[Job] = []
        self.scheduled: float = 0.0  # the last time that its schedule made a Job
        self.succeeded: float = 0.0

    def metadata(self) -> dict[str, Any]:
        workload = msgspec.structs.replace(self.workload, kind="CronJob")
        about = owner_shape.annotations(workload, "batch")
        return super().metadata() | ({"annotations": about} if about else {})

    def spec(self) -> dict[str, Any]:
        return {
            "schedule": self.schedule,
            "timeZone": "Etc/UTC",
            "concurrencyPolicy": "Forbid",
            "suspend": self.suspended,
            "jobTemplate": {
                "metadata": {"creationTimestamp": None},
                "spec": {
                    "backoffLimit": 2,
                    "template": owner_shape.pod_template(self.workload),
                },
            },
            "successfulJobsHistoryLimit": 3,
            "failedJobsHistoryLimit": 1,
        }

    def status(self) -> dict[str, Any]:
        active = [
            {"kind": "Job", "namespace": job.workload.namespace, "name": job.name, "uid": job.uid}
            | {"apiVersion": "batch/v1"}
            for job in self.jobs
            if not job.ended
        ]
        times = {"lastScheduleTime": self.scheduled, "lastSuccessfulTime": self.succeeded}
        made: dict[str, Any] = {"active": active} if active else {}
        return made | {key: rfc3339(at) for key, at in times.items() if at}


class Job(Owner):
    """One run to an end. `failed` counts the pods that failed."""

    resource = JOBS

    def __init__(
        self, workload: Workload, name: str, uid: str, created: float, above: CronJob | None
    ) -> None:
        super().__init__(workload, uid, created, 1)
        self._name = name
        self.above = above
        self.pod: PodState | None = None
        self.ended = 0.0
        self.failed = 0

    @property
    def name(self) -> str:
        return self._name

    @property
    def manual(self) -> bool:
        """Return whether somebody made it of the CronJob's template, out of its schedule."""
        return "-manual-" in self.name

    def count(self, pod: PodState, value: int) -> None:
        super().count(pod, value)
        self.pod = pod
        if pod.stage is Stage.COMPLETED:
            self.ended = pod.since
            if self.above is not None:
                self.above.succeeded = max(self.above.succeeded, self.ended)

    def fail(self, now: float) -> None:
        """End it: its pod is gone, or has failed."""
        self.failed, self.ended = 1, now

    def drafts(self, now: float) -> Iterator[tuple[Resource, Draft]]:
        yield from super().drafts(now)
        if self.above is not None:
            yield from self.above.drafts(now)

    def fields(self) -> tuple[str, ...]:
        return (str(self._succeeded),)

    @property
    def _succeeded(self) -> int:
        return 1 if self.ended and not self.failed else 0

    def metadata(self) -> dict[str, Any]:
        more: dict[str, Any] = {"labels": {"app": self.workload.name}, "annotations": {}}
        if self.above is not None:
            reference = owner_shape.controller(
                "CronJob", "batch/v1", self.above.name, self.above.uid
            )
            more["ownerReferences"] = reference
            at = rfc3339(self.created)
            more["annotations"] = {"batch.kubernetes.io/cronjob-scheduled-timestamp": at}
        if self.manual:
            more["annotations"] = {"cronjob.kubernetes.io/instantiate": "manual"}
        return owner_shape.metadata(
            self.workload, self.uid, self.created, self.generation, self.name, **more
        )

    def spec(self) -> dict[str, Any]:
        labels = {"batch.kubernetes.io/controller-uid": self.uid}
        return {
            "parallelism": 1,
            "completions": 1,
            "backoffLimit": 2,
            "selector": {"matchLabels": labels},
            "template": owner_shape.pod_template(self.workload),
            "completionMode": "NonIndexed",
            "suspend": False,
            "podReplacementPolicy": "TerminatingOrFailed",
        }

    def status(self) -> dict[str, Any]:
        made: dict[str, Any] = {"startTime": rfc3339(self.created)}
        if self.ended and self.failed:
            why = "BackoffLimitExceeded", "Job has reached the specified backoff limit"
            made["conditions"] = [_job_condition(kind, *why, self.ended)
                                  for kind in ("FailureTarget", "Failed")]  # fmt: skip
        elif self.ended:
            why = "CompletionsReached", "Reached expected number of succeeded pods"
            made["completionTime"] = rfc3339(self.ended)
            made["conditions"] = [_job_condition(kind, *why, self.ended)
                                  for kind in ("SuccessCriteriaMet", "Complete")]  # fmt: skip
        counted = {"active": self.pods, "succeeded": self._succeeded, "failed": self.failed}
        return (
            made
            | _without_zeros(counted)
            | {"terminating": 0, "uncountedTerminatedPods": {}, "ready": self.ready}
        )


def _job_condition(kind: str, reason: str, message: str, at: float) -> dict[str, Any]:
    made = owner_shape.condition(kind, True, reason, message, at)
    return made | {"lastProbeTime": rfc3339(at)}
