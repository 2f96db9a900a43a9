"""What can be done to which object, and why not now."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Literal

from msgspec import Struct

from eksview.domain.kube.object_ref import ObjectRef

READ_ONLY = "Start eksview with --allow-writes to change anything."
SERVED = "A view that is served changes nothing: use eksview on your own machine."
NO_OBJECT = "No object of the cluster is under the cursor."


class Verb(StrEnum):
    """An action, by the name that it is chosen by."""

    CORDON = "Cordon"
    UNCORDON = "Uncordon"
    DRAIN = "Drain"
    RESTART = "Rollout restart"
    SCALE = "Scale"
    SHELL = "Shell"
    DEBUG = "Debug container"
    FORWARD = "Port-forward"
    DELETE = "Delete"


KINDS: dict[Verb, frozenset[str]] = {
    Verb.CORDON: frozenset({"Node"}),
    Verb.UNCORDON: frozenset({"Node"}),
    Verb.DRAIN: frozenset({"Node"}),
    Verb.RESTART: frozenset({"Deployment", "StatefulSet", "DaemonSet"}),
    Verb.SCALE: frozenset({"Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"}),
    Verb.SHELL: frozenset({"Pod"}),
    Verb.DEBUG: frozenset({"Pod"}),
    Verb.FORWARD: frozenset({"Pod", "Service", "Deployment", "StatefulSet", "ReplicaSet"}),
}
"""The kinds that an action is for; one that isn't here is for every kind."""
SINGLE = frozenset({Verb.SHELL, Verb.DEBUG, Verb.FORWARD})
"""Actions on one object at a time, which kubectl does."""

WHAT: dict[Verb, str] = {
    Verb.CORDON: "no new pods are scheduled onto it",
    Verb.UNCORDON: "pods can be scheduled onto it again",
    Verb.DRAIN: "cordon it, then evict its pods; the plan is shown first",
    Verb.RESTART: "replace its pods one after another",
    Verb.SCALE: "set the number of its pods",
    Verb.SHELL: "kubectl exec, in this terminal",
    Verb.DEBUG: "kubectl debug: adds a container to the pod, in this terminal",
    Verb.FORWARD: "kubectl port-forward, in the background; :forwards lists them",
    Verb.DELETE: "remove the object from the cluster",
}


class ActionLimits(Struct, frozen=True):
    """What this eksview may do: change the cluster, and run kubectl."""

    writes: bool = False
    served: bool = False
    kubectl: bool = True  # on PATH, with a context for this cluster


class OfferedAction(Struct, frozen=True):
    """An action on objects, with the reason why it isn't possible now; empty if it is."""

    verb: Verb
    reason: str = ""


Cordoned = Literal["all", "none", "some"]


def offered(
    refs: Sequence[ObjectRef], limits: ActionLimits, cordoned: Cordoned = "some"
) -> tuple[OfferedAction, ...]:
    """Return the actions for objects; `cordoned` says which of the nodes are already."""
    kinds = {ref.kind for ref in refs}
    return tuple(
        OfferedAction(verb, reason_not(verb, refs, limits) or _pointless(verb, cordoned))
        for verb in Verb
        if kinds and kinds <= KINDS.get(verb, kinds)
    )


def reason_not(verb: Verb, refs: Sequence[ObjectRef], limits: ActionLimits) -> str:
    """Return why an action isn't possible on objects; empty if it is."""
    if not refs:
        return NO_OBJECT
    if limits.served:
        return SERVED
    return _unsuitable(verb, refs, limits) if limits.writes else READ_ONLY


def _unsuitable(verb: Verb, refs: Sequence[ObjectRef], limits: ActionLimits) -> str:
    kinds = {ref.kind for ref in refs}
    if not kinds <= KINDS.get(verb, kinds):
        return f"{verb} isn't for {' and '.join(sorted(kinds))}."
    if verb in SINGLE and len(refs) > 1:
        return "One object at a time: unmark the others."
    if verb in SINGLE and not limits.kubectl:
        return "kubectl isn't on PATH, or has no context for this cluster."
    return ""


def _pointless(verb: Verb, cordoned: Cordoned) -> str:
    if verb is Verb.CORDON and cordoned == "all":
        return "It is cordoned already."
    if verb is Verb.UNCORDON and cordoned == "none":
        return "It isn't cordoned."
    return ""
