"""The plan of a drain: what moves, what stays, what blocks it, and whether the rest fits elsewhere.

It is made of what was read; a part that wasn't is unknown in the plan and never empty.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec import Struct

from eksview.domain.base.plural import plural
from eksview.domain.base.text import Clean, clean
from eksview.domain.drain.budgets import Leave, Verdict, verdict_of
from eksview.domain.drain.demands import claims_of
from eksview.domain.drain.eviction import (
    Fate,
    Flag,
    fate_of,
    flags_of,
    has_local_storage,
    is_daemon,
)
from eksview.domain.drain.objects import (
    DisruptionBudget,
    DrainNode,
    DrainPod,
    NodeSelector,
)
from eksview.domain.drain.placement import Fit, NodeUse, place, rooms
from eksview.domain.kube.api_types import OwnerReference

NO_OWNER = Clean("none")


class DrainFacts(Struct, frozen=True):
    """What was read for a plan; None where a part wasn't, for which `unread` has the reason.

    `owners` has the controller of a controller (the Deployment of a ReplicaSet) by
    `namespace/Kind/name`; None as a value says that the controller itself no longer exists.
    `zones` has by claim where its volume can be used; None for anywhere.
    """

    node: DrainNode
    pods: tuple[DrainPod, ...]
    targets: tuple[DrainNode, ...] | None = None
    budgets: tuple[DisruptionBudget, ...] | None = None
    owners: Mapping[str, OwnerReference | None] = {}
    zones: Mapping[str, NodeSelector | None] = {}
    unread: tuple[Clean, ...] = ()
    at: float = 0.0


class PlannedPod(Struct, frozen=True):
    """A pod of the plan. `waits` if its budget allows fewer evictions than the node has pods."""

    namespace: Clean
    name: Clean
    uid: str
    owner: Clean
    fate: Fate
    flags: tuple[Flag, ...]
    verdict: Verdict
    cpu: int
    memory: int
    local_storage: bool
    grace: int | None
    waits: bool = False
    fit: Fit | None = None  # None where no place is needed or the other nodes aren't known

    @property
    def key(self) -> str:
        return f"{self.namespace}/{self.name}"

    @property
    def leaves(self) -> bool:
        """Return whether kubectl drain removes it."""
        return self.fate not in (Fate.DAEMONSET, Fate.MIRROR)

    @property
    def blocked(self) -> bool:
        return self.leaves and self.verdict.leave in (Leave.BLOCKED, Leave.FAILS)


class DrainPlan(Struct, frozen=True):
    """The plan for one node; the pods that block it come first, those that stay last."""

    node: Clean
    cordoned: bool
    pods: tuple[PlannedPod, ...]
    unread: tuple[Clean, ...] = ()
    placed: bool = True  # the other nodes and their use were read
    at: float = 0.0

    @property
    def leaving(self) -> tuple[PlannedPod, ...]:
        return tuple(pod for pod in self.pods if pod.leaves)

    @property
    def blocked(self) -> tuple[PlannedPod, ...]:
        return tuple(pod for pod in self.pods if pod.blocked)

    @property
    def homeless(self) -> tuple[PlannedPod, ...]:
        """The pods that no other node takes."""
        return tuple(pod for pod in self.pods if pod.fit is not None and not pod.fit.node)

    @property
    def flags(self) -> tuple[Flag, ...]:
        """The flags without which kubectl drain refuses."""
        needed = {flag for pod in self.pods for flag in pod.flags}
        return tuple(flag for flag in Flag if flag in needed)

    @property
    def command(self) -> str:
        """The words of the `kubectl` command that does it."""
        return " ".join(("drain", self.node, *self.flags))


def drain_plan(facts: DrainFacts, used: Mapping[str, NodeUse] | None) -> DrainPlan:
    """Return the plan; `used` has the requests of the pods of each node, None if not read."""
    targets = facts.targets if used is not None else None
    moving = [pod for pod in facts.pods if fate_of(pod) is Fate.MOVES]
    fits = None if targets is None else place(moving, rooms(targets, used or {}), facts.zones)
    verdicts = {pod.metadata.key: verdict_of(pod, facts.budgets) for pod in facts.pods}
    late = _late(facts, verdicts)
    pods = [
        _planned(pod, facts, verdicts[pod.metadata.key], fits, pod.metadata.key in late)
        for pod in facts.pods
    ]
    return DrainPlan(
        clean(facts.node.metadata.name),
        bool(facts.node.spec.unschedulable),
        tuple(sorted(pods, key=_order)),
        facts.unread,
        fits is not None,
        facts.at,
    )


def _order(pod: PlannedPod) -> tuple[bool, bool, int, str]:
    fate = tuple(Fate).index(pod.fate)
    homeless = pod.fit is not None and not pod.fit.node
    return not pod.blocked, not homeless, fate, pod.key


def _late(facts: DrainFacts, verdicts: Mapping[str, Verdict]) -> set[str]:
    """Return the keys of the pods for which their budget has no disruption left at first."""
    left = {each.metadata.key: each.status.disruptions_allowed for each in facts.budgets or ()}
    taken: Counter[str] = Counter()
    late = set()
    for pod in sorted(facts.pods, key=lambda each: each.metadata.key):
        verdict = verdicts[pod.metadata.key]
        fate = fate_of(pod, orphaned=_is_orphaned(pod, facts.owners))
        if verdict.leave is Leave.COUNTED and fate in (Fate.MOVES, Fate.LOST):
            budget = f"{pod.metadata.namespace}/{verdict.budgets[0]}"
            taken[budget] += 1
            if taken[budget] > left[budget]:
                late.add(pod.metadata.key)
    return late


def _planned(
    pod: DrainPod,
    facts: DrainFacts,
    verdict: Verdict,
    fits: Mapping[str, Fit] | None,
    late: bool,
) -> PlannedPod:
    meta = pod.metadata
    orphaned = _is_orphaned(pod, facts.owners)
    fate = fate_of(pod, orphaned=orphaned)
    fit = fits.get(meta.key) if fits is not None else None
    return PlannedPod(
        clean(meta.namespace), clean(meta.name), meta.uid,
        owner_of(pod, facts.owners), fate, flags_of(pod, orphaned=orphaned), verdict,
        pod.cpu, pod.memory, has_local_storage(pod),
        pod.spec.termination_grace_period_seconds, late, fit,
    )  # fmt: skip


def _is_orphaned(pod: DrainPod, owners: Mapping[str, OwnerReference | None]) -> bool:
    """Return whether a pod runs for a DaemonSet that doesn't exist."""
    key = _controller_key(pod)
    return is_daemon(pod) and key in owners and owners[key] is None


def _controller_key(pod: DrainPod) -> str:
    controller = pod.metadata.controller
    return f"{pod.metadata.namespace}/{controller.kind}/{controller.name}" if controller else ""


def owner_of(pod: DrainPod, owners: Mapping[str, OwnerReference | None]) -> Clean:
    """Return the topmost known owner: `Deployment/web`, else the controller, else `none`."""
    controller = pod.metadata.controller
    if controller is None:
        return NO_OWNER
    top = owners.get(_controller_key(pod)) or controller
    return clean(f"{top.kind}/{top.name}")


def claims_to_read(pods: Sequence[DrainPod]) -> tuple[str, ...]:
    """Return the claims of the pods that move, whose volumes may hold them in a zone."""
    moving = (pod for pod in pods if fate_of(pod) is Fate.MOVES)
    return tuple(dict.fromkeys(claim for pod in moving for claim in claims_of(pod)))


def summary(plan: DrainPlan) -> Clean:
    """Return one sentence: what leaves, what blocks, and what doesn't fit."""
    leaving, staying = len(plan.leaving), len(plan.pods) - len(plan.leaving)
    stays = f"{staying} {_verb(staying, 'stay')}"
    if not leaving:
        return clean(f"No pod leaves, {stays}")
    parts = [f"{plural(leaving, 'pod')} {_verb(leaving, 'leave')}, {stays}"]
    if plan.blocked:
        parts.append(f"{len(plan.blocked)} blocked by a PodDisruptionBudget")
    elif any(pod.verdict.leave is Leave.UNKNOWN for pod in plan.leaving):
        parts.append("budgets unknown")
    if not plan.placed:
        parts.append("room on other nodes unknown")
    elif plan.homeless:
        parts.append(f"{len(plan.homeless)} {_verb(len(plan.homeless), 'fit')} on no other node")
    elif any(pod.fit is not None for pod in plan.pods):
        parts.append("every pod that moves fits on another node by requests")
    lost = sum(pod.fate is Fate.LOST for pod in plan.pods)
    if lost:
        parts.append(f"{lost} not created again")
    return clean("; ".join(parts))


def _verb(number: int, verb: str) -> str:
    return f"{verb}s" if number == 1 else verb
