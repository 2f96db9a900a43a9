"""What can be done to which object, and why not now."""

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from eksview.domain.actions.registry import ACTIONS, Verb
from eksview.domain.kube.object_ref import ObjectRef

READ_ONLY = "Start eksview with --allow-writes to change anything."
SERVED = "A view that is served changes nothing: use eksview on your own machine."
NO_OBJECT = "No object of the cluster is under the cursor."


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
    return tuple(
        OfferedAction(verb, reason_not(verb, refs, limits) or _pointless(verb, cordoned))
        for verb in Verb
        if refs and ACTIONS[verb].suits(refs)
    )


def reason_not(verb: Verb, refs: Sequence[ObjectRef], limits: ActionLimits) -> str:
    """Return why an action isn't possible on objects; empty if it is."""
    if not refs:
        return NO_OBJECT
    if limits.served:
        return SERVED
    return _unsuitable(verb, refs, limits) if limits.writes else READ_ONLY


def _unsuitable(verb: Verb, refs: Sequence[ObjectRef], limits: ActionLimits) -> str:
    action = ACTIONS[verb]
    if not action.suits(refs):
        return f"{verb} isn't for {' and '.join(sorted({ref.kind for ref in refs}))}."
    if action.single and len(refs) > 1:
        return "One object at a time: unmark the others."
    if action.single and not limits.kubectl:
        return "kubectl isn't on PATH, or has no context for this cluster."
    return ""


def _pointless(verb: Verb, cordoned: Cordoned) -> str:
    if verb is Verb.CORDON and cordoned == "all":
        return "It is cordoned already."
    if verb is Verb.UNCORDON and cordoned == "none":
        return "It isn't cordoned."
    return ""
