"""The actions on objects, one entry each.

To add one, name it in `Verb` and add its entry to `ACTIONS`.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from eksview.domain.actions.change import Change, cordon, delete, needs, restart, scale
from eksview.domain.base.text import clean
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.rows.access import AccessRequest


class Verb(StrEnum):
    """An action, by the name that it is chosen by; they are offered in this order."""

    CORDON = "Cordon"
    UNCORDON = "Uncordon"
    DRAIN = "Drain"
    RESTART = "Rollout restart"
    SCALE = "Scale"
    SHELL = "Shell"
    DEBUG = "Debug container"
    FORWARD = "Port-forward"
    DELETE = "Delete"


class ChangeValues(Struct, frozen=True):
    """What a change depends on beside its object: the time as RFC 3339, and what was typed."""

    at: str = ""
    replicas: int = 0


class Action(Struct, frozen=True):
    """What an action is for, what it does in words, and what it sends or runs.

    It sends a `change` per object, or takes the terminal for `words` of kubectl, of an object and
    the image of a debug container; a drain and a port-forward are neither. `effect` has places for
    the pronouns; without one it is a deletion's, which differs by the kind.
    """

    summary: str
    effect: str = ""
    done: str = ""
    kinds: frozenset[str] = frozenset()
    """The kinds that it is for; if empty, every kind."""
    single: bool = False
    """Whether it is for one object at a time, because kubectl does it."""
    reads_spec: bool = False
    """Whether its question needs more than metadata: replicas, and whether it is paused."""
    change: Callable[[ObjectRef, ChangeValues], Change] | None = None
    words: Callable[[ObjectRef, str], tuple[str, ...]] | None = None
    rights: Callable[[ObjectRef], tuple[AccessRequest, ...]] | None = None
    """The rights that it needs, if they aren't those of its change."""

    def suits(self, refs: Sequence[ObjectRef]) -> bool:
        """Return whether it is for objects of these kinds."""
        return not self.kinds or {ref.kind for ref in refs} <= self.kinds


def _shell(pod: ObjectRef, _image: str) -> tuple[str, ...]:
    return ("exec", "-it", *pod.namespace_words, pod.name, "--", "sh")


def _debug(pod: ObjectRef, image: str) -> tuple[str, ...]:
    return ("debug", "-it", *pod.namespace_words, pod.name, f"--image={image}")


def _drain_rights(node: ObjectRef) -> tuple[AccessRequest, ...]:
    """Return the rights of `kubectl drain`, which evicts pods of any namespace."""
    return (needs("patch", node), AccessRequest("create", "pods/eviction"))


def _forward_rights(ref: ObjectRef) -> tuple[AccessRequest, ...]:
    """Return the right to forward a port; of a workload or service it is one of its pods'."""
    pod = ref.name if ref.kind == "Pod" else ""
    return (AccessRequest("create", "pods/portforward", "", clean(ref.namespace), pod),)


_NODES = frozenset({"Node"})
_PODS = frozenset({"Pod"})

ACTIONS: Mapping[Verb, Action] = {
    Verb.CORDON: Action(
        "no new pods are scheduled onto it",
        "No new pods will be scheduled onto {it}; running pods stay.",
        "Cordoned",
        kinds=_NODES,
        change=lambda node, _: cordon(node, on=True),
    ),
    Verb.UNCORDON: Action(
        "pods can be scheduled onto it again",
        "Pods can be scheduled onto {it} again.",
        "Uncordoned",
        kinds=_NODES,
        change=lambda node, _: cordon(node, on=False),
    ),
    Verb.DRAIN: Action(
        "cordon it, then evict its pods; the plan is shown first",
        "Cordons {it} and evicts {its} pods.",
        kinds=_NODES,
        rights=_drain_rights,
    ),
    Verb.RESTART: Action(
        "replace its pods one after another",
        "Replaces {its} pods, as the update strategy says.",
        "Restarted",
        kinds=frozenset({"Deployment", "StatefulSet", "DaemonSet"}),
        reads_spec=True,
        change=lambda ref, values: restart(ref, values.at),
    ),
    Verb.SCALE: Action(
        "set the number of its pods",
        "Starts or ends pods of {it} until there are as many as asked for.",
        "Scaled",
        kinds=frozenset({"Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"}),
        reads_spec=True,
        change=lambda ref, values: scale(ref, values.replicas),
    ),
    Verb.SHELL: Action(
        "kubectl exec, in this terminal",
        "Opens a shell in {its} first container, in this terminal.",
        kinds=_PODS,
        single=True,
        words=_shell,
        rights=lambda pod: (needs("create", pod, "exec"),),
    ),
    Verb.DEBUG: Action(
        "kubectl debug: adds a container to the pod, in this terminal",
        "Adds an ephemeral container to {it}, which can't be removed again.",
        kinds=_PODS,
        single=True,
        words=_debug,
        rights=lambda pod: (needs("patch", pod, "ephemeralcontainers"),),
    ),
    Verb.FORWARD: Action(
        "kubectl port-forward, in the background; :forwards lists them",
        "Listens on 127.0.0.1 in the background, until `:forwards` or eksview ends it.",
        kinds=frozenset({"Pod", "Service", "Deployment", "StatefulSet", "ReplicaSet"}),
        single=True,
        rights=_forward_rights,
    ),
    Verb.DELETE: Action(
        "remove the object from the cluster",
        done="Deleted",
        change=lambda ref, _: delete(ref),
    ),
}


def changes_of(verb: Verb, refs: Sequence[ObjectRef], values: ChangeValues) -> tuple[Change, ...]:
    """Return a change per object; none for what a command or a drain does."""
    change = ACTIONS[verb].change
    return () if change is None else tuple(change(ref, values) for ref in refs)


def words_of(verb: Verb, ref: ObjectRef, *, image: str = "") -> tuple[str, ...]:
    """Return the words of kubectl that take the terminal for an action; empty for any other."""
    words = ACTIONS[verb].words
    return () if words is None else words(ref, image)


def needed(verb: Verb, refs: Sequence[ObjectRef]) -> tuple[AccessRequest, ...]:
    """Return the rights that an action needs, each once."""
    rights = ACTIONS[verb].rights
    if rights is not None:
        return tuple(dict.fromkeys(right for ref in refs for right in rights(ref)))
    return tuple(dict.fromkeys(c.needs for c in changes_of(verb, refs, ChangeValues())))
