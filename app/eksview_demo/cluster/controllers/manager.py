"""What kube-controller-manager does for the pods: it counts them in the objects that own them.

A change of a pod changes its owner at once; nothing is counted by walking over the pods again.
"""

from collections.abc import Callable, Iterable, Iterator

import msgspec

from eksview_demo.cluster.controllers import owner_shape
from eksview_demo.cluster.controllers.disruption import Disruption
from eksview_demo.cluster.controllers.owners import (
    DEADLINE,
    CronJob,
    DaemonSet,
    Deployment,
    Job,
    Key,
    Owner,
    ReplicaSet,
    StatefulSet,
)
from eksview_demo.cluster.event_log import EventLog, Span
from eksview_demo.cluster.nodes.node_state import NodeState
from eksview_demo.cluster.objects import quotas
from eksview_demo.cluster.pods.pod_state import PodState, Stage
from eksview_demo.cluster.workloads import OVER_QUOTA, Box, Workload
from eksview_demo.storage.storage import Storage
from eksview_demo.times import Clock

_DAY = 86_400.0
NIGHT = 2 * 3600.0  # seconds after midnight: when the nightly jobs begin
REVISIONS = 10  # old ReplicaSets that a Deployment keeps: its revisionHistoryLimit
_STARTED = 12.0  # seconds until a revision's pods are Ready
_REFUSED = 50 * 60.0  # seconds since the workload was made whose pods are refused
_OLD = 90 * _DAY  # the age of what was there from the beginning


class Controllers:
    """The owners of pods, by their uids and by what they are."""

    def __init__(
        self, storage: Storage, new_uid: Callable[..., str], clock: Clock, events: EventLog
    ) -> None:
        self.owners: dict[str, Owner] = {}
        self.workloads: dict[Key, Owner] = {}
        self._storage = storage
        self._new_uid = new_uid
        self._clock = clock
        self._events = events
        self._disruption = Disruption(storage, new_uid, clock() - _OLD)
        self._loading = False

    # pods

    def observe(self, pod: PodState) -> None:
        """Count a pod as it is now, and store its owner if that changed."""
        value = _value(pod)
        if value == pod.counted:
            return
        owner = self.owner_of(pod)
        if owner is None:
            return
        owner.count(pod, value)
        pod.counted = value
        if not self._loading:
            self._store(owner)

    def forget(self, pod: PodState) -> None:
        """Stop counting a pod that is gone; a Job whose pod hadn't ended has failed."""
        owner = self.owners.get(pod.owner_uid)
        if owner is None:
            return
        if pod.counted:
            if isinstance(owner, Job) and owner.pod is pod:
                owner.fail(self._clock())
            owner.count(pod, 0)
            pod.counted = 0
            self._store(owner)

    def owner_of(self, pod: PodState) -> Owner | None:
        """Return the owner of a pod, made for its first one; None for a bare pod."""
        if (owner := self.owners.get(pod.owner_uid)) is not None:
            return owner
        workload = pod.workload
        match workload.kind:
            case "Deployment":
                return self._replica_set(pod)
            case "StatefulSet":
                made: Owner = StatefulSet(workload, pod.owner_uid, self._clock() - _OLD)
            case "DaemonSet":
                made = DaemonSet(workload, pod.owner_uid, self._clock() - _OLD)
            case "Job":
                made = self._job(pod)
            case _:
                return None
        return self._add(made)

    def _add(self, owner: Owner) -> Owner:
        self.owners[owner.uid] = owner
        if not isinstance(owner, ReplicaSet | Job):
            self.workloads[owner.workload.key] = owner
        return owner

    def _replica_set(self, pod: PodState) -> ReplicaSet:
        workload = pod.workload
        deployment = self.workloads.get(workload.key)
        if not isinstance(deployment, Deployment):
            created = self._clock() - _OLD
            deployment = Deployment(workload, self._uid_of(workload), created)
            self._add(deployment)
            if (before := _before(workload)) is not None:
                uid = self._new_uid("ReplicaSet", workload.namespace, before.owner_name)
                self._add(_revision(deployment, before, uid, created))
        made = _revision(deployment, workload, pod.owner_uid, pod.created - 2)
        self._add(made)
        return made

    def _uid_of(self, workload: Workload) -> str:
        return self._new_uid(*workload.key)

    # jobs

    def _job(self, pod: PodState) -> Job:
        workload = pod.workload
        key = ("CronJob", workload.namespace, workload.name)
        above = self.workloads.get(key)
        if not isinstance(above, CronJob):
            created = self._clock() - _OLD
            above = CronJob(workload, self._new_uid(*key), created, "0 2 * * *")
            above.scheduled = self._clock() - (self._clock() - NIGHT) % _DAY
            self.workloads[key] = self.owners[above.uid] = above
        job = Job(workload, pod.job, pod.owner_uid, pod.created - 1, above)
        above.jobs.append(job)
        return job

    def finished_jobs(self, workload: Workload) -> list[Job]:
        """Return the Jobs of a CronJob that have ended, the last one to end last."""
        above = self.workloads.get(("CronJob", workload.namespace, workload.name))
        jobs = above.jobs if isinstance(above, CronJob) else []
        return sorted((job for job in jobs if job.ended), key=lambda job: job.ended)

    def delete_job(self, job: Job) -> None:
        """Delete a Job whose pod is deleted."""
        del self.owners[job.uid]
        self._storage.delete(job.resource, f"{job.workload.namespace}/{job.name}")
        if job.above is not None:
            job.above.jobs.remove(job)

    # nodes

    def join(self, node: NodeState) -> None:
        """Let each DaemonSet have a pod on a new node."""
        if node.group.kind == "fargate":
            return
        for daemon_set in self._daemon_sets():
            daemon_set.nodes.add(node.name)
            self._store(daemon_set)

    def leave(self, node: NodeState) -> None:
        """Let no DaemonSet have a pod on a node that is gone."""
        for daemon_set in self._daemon_sets():
            if node.name in daemon_set.nodes:
                daemon_set.nodes.remove(node.name)
                self._store(daemon_set)

    def _daemon_sets(self) -> Iterator[DaemonSet]:
        for owner in self.workloads.values():
            if isinstance(owner, DaemonSet):
                yield owner

    # what is wanted

    def uid_of_next(self, workload: Workload) -> str:
        """Return the uid of the owner of a workload's next pod; empty when there is none yet."""
        owner = self.workloads.get(workload.key)
        if isinstance(owner, Deployment):
            return owner.newest.uid
        return "" if owner is None else owner.uid

    def current(self, workload: Workload) -> Workload:
        """Return the template that a workload's next pod has."""
        owner = self.workloads.get(workload.key)
        return workload if owner is None else owner.workload

    def update(self, workload: Workload) -> None:
        """Give a workload another template, which its next pods have."""
        owner = self.workloads[workload.key]
        owner.workload = workload
        owner.renew()
        if isinstance(owner, Deployment):
            self._revise(owner)
        self._store(owner)

    def _revise(self, owner: Deployment) -> None:
        """Make the ReplicaSet of a Deployment's new template, and delete one too many."""
        workload, now = owner.workload, self._clock()
        uid = self._new_uid("ReplicaSet", workload.namespace, workload.owner_name)
        made = _revision(owner, workload, uid, now)
        self._add(made)
        owner.progress, owner.progressed = "ReplicaSetUpdated", now
        for replica_set in owner.replica_sets:
            replica_set.scale(owner.desired if replica_set is made else replica_set.pods)
            self._put(replica_set)
        message = f"Scaled up replica set {made.name} from 0 to {owner.desired}"
        _report(self._events, owner, "ScalingReplicaSet", message)
        _report_refused(self._events, made)
        oldest = owner.replica_sets[0]
        if len(owner.replica_sets) > REVISIONS + 1 and not oldest.pods:
            owner.replica_sets.remove(oldest)
            del self.owners[oldest.uid]
            self._storage.delete(oldest.resource, f"{workload.namespace}/{oldest.name}")

    def scale(self, key: Key, desired: int) -> None:
        """Set how many pods a workload should have."""
        owner = self.workloads[key]
        before, owner.desired = owner.desired, desired
        owner.renew()
        self._store(owner.newest if isinstance(owner, Deployment) else owner)
        if isinstance(owner, Deployment) and before != desired:
            way = "up" if desired > before else "down"
            message = f"Scaled {way} replica set {owner.newest.name} from {before} to {desired}"
            _report(self._events, owner, "ScalingReplicaSet", message)

    def created(self, pod: PodState) -> None:
        """Record that a pod's owner made it."""
        if (owner := self.owner_of(pod)) is not None:
            _report(self._events, owner, "SuccessfulCreate", f"Created pod: {pod.name}")

    def refuses(self, pod: PodState) -> bool:
        """Return whether a pod can't be made; its owner reports that."""
        owner = self.owners.get(pod.owner_uid)
        if not isinstance(owner, ReplicaSet) or not quotas.refusal(owner.workload):
            return False
        _report_refused(self._events, owner)
        return True

    # storing

    def load(self, pods: Iterable[PodState]) -> None:
        """Count all pods of a new cluster and store their owners at once."""
        self._loading = True
        stuck: set[str] = set()
        for pod in pods:
            self.observe(pod)
            if pod.stage in (Stage.UNSCHEDULABLE, Stage.IMAGE_PULL):
                stuck.add(pod.owner_uid)
            if pod.stage is Stage.COMPLETED and isinstance(owner := self.owner_of(pod), Job):
                owner.count(pod, 0)
            if pod.workload.kind == "DaemonSet":
                owner = self.owners[pod.owner_uid]
                assert isinstance(owner, DaemonSet)  # noqa: S101 - by its kind
                owner.nodes.add(pod.node)
        self._loading = False
        self._add_refused()
        by_resource: dict[str, list[Owner]] = {}
        for owner in self.owners.values():
            _settle(owner, owner.uid in stuck)
            by_resource.setdefault(owner.resource.name, []).append(owner)
        for owners in by_resource.values():
            drafts = [owner.draft(self._clock()) for owner in owners]
            self._storage.load(owners[0].resource, drafts)
        self._disruption.load(self.workloads.values(), self._clock())

    def _add_refused(self) -> None:
        """Add the Deployment whose pods are refused."""
        now = self._clock()
        begun = now - _REFUSED
        deployment = Deployment(OVER_QUOTA, self._uid_of(OVER_QUOTA), begun, quotas.REPLICAS)
        self._add(deployment)
        uid = self._new_uid("ReplicaSet", OVER_QUOTA.namespace, OVER_QUOTA.owner_name)
        made = _revision(deployment, OVER_QUOTA, uid, begun)
        self._add(made)
        _report_refused(self._events, made, (begun, now - 40))

    def _store(self, owner: Owner) -> None:
        if isinstance(owner, ReplicaSet):
            self._follow(owner)
        for resource, draft in owner.drafts(self._clock()):
            self._storage.put(resource, draft)
        whole = owner.deployment if isinstance(owner, ReplicaSet) else owner
        self._disruption.observe(whole, self._clock())

    def _put(self, owner: Owner) -> None:
        self._storage.put(owner.resource, owner.draft(self._clock()))

    @staticmethod
    def _follow(owner: ReplicaSet) -> None:
        """Set how many pods a ReplicaSet should have: an old one is left with those it has."""
        deployment = owner.deployment
        if owner is deployment.newest:
            owner.scale(deployment.desired)
        elif owner.pods < owner.desired:
            owner.scale(owner.pods)


def _report(
    events: EventLog,
    owner: Owner,
    reason: str,
    message: str,
    kind: str = "Normal",
    span: Span | None = None,
) -> None:
    """Record what a controller did to an owner of pods."""
    resource = owner.resource
    about = (resource.kind, owner.workload.namespace, owner.name, owner.uid, resource.api_version)
    source = f"{resource.kind.lower()}-controller"
    events.record(about, (kind, reason, message), source, span=span)


def _report_refused(events: EventLog, owner: ReplicaSet, span: Span | None = None) -> None:
    """Record that pods of a ReplicaSet are refused, if they are."""
    if refused := quotas.refusal(owner.workload):
        message = f"(combined from similar events): Error creating: {refused}"
        _report(events, owner, "FailedCreate", message, "Warning", span)


def _value(pod: PodState) -> int:
    """Return how a pod counts: 0 not, 1 as a pod, 2 as a ready one."""
    if pod.deleted or not pod.counts:
        return 0
    return 2 if pod.stage is Stage.RUNNING else 1


def _revision(deployment: Deployment, workload: Workload, uid: str, created: float) -> ReplicaSet:
    made = ReplicaSet(deployment, workload, uid, created, deployment.revision + 1)
    deployment.replica_sets.append(made)
    return made


def _settle(owner: Owner, stuck: bool) -> None:
    """Let an owner have wanted the pods that it has; what never started has been given up."""
    if isinstance(owner, ReplicaSet):
        deployment = owner.deployment
        if owner is not deployment.newest:
            return
        refused = bool(quotas.refusal(owner.workload))
        stuck = stuck or refused
        deployment.desired = owner.desired = quotas.REPLICAS if refused else owner.pods
        deployment.progressed = owner.created + _STARTED
        if stuck and not owner.ready:
            deployment.progress = "ProgressDeadlineExceeded"
            deployment.progressed = owner.created + DEADLINE
    elif isinstance(owner, StatefulSet):
        owner.desired = owner.pods


def _before(workload: Workload) -> Workload | None:
    """Return the revision before a workload's; None where it is the first."""
    boxes = tuple(_older(box) for box in workload.boxes)
    if boxes == workload.boxes:
        return None
    old = owner_shape.hash_of(f"{workload.namespace}/{workload.name}/{boxes[0].image}")
    return msgspec.structs.replace(workload, boxes=boxes, hash=old)


def _older(box: Box) -> Box:
    """Return a container with the image before: the last number of its tag is one less."""
    head, dot, last = box.image.rpartition(".")
    if not dot or not last.isdigit() or last == "0":
        return box
    return msgspec.structs.replace(box, image=f"{head}.{int(last) - 1}")
