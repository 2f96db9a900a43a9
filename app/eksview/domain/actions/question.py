"""The question before an action: what happens to what, in which cluster, and what to know first."""

from collections.abc import Sequence
from fnmatch import fnmatchcase

from msgspec import Struct

from eksview.domain.actions.change import Change
from eksview.domain.actions.verbs import Verb
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.rows.access import Right

NAMED = 10  # objects that the question names; the others are counted


class Question(Struct, frozen=True):
    """A question whose answer is No unless a person says yes.

    `typed` is the cluster's name where it must be typed, `denied` the reasons why it can't be done.
    """

    title: Clean
    cluster: Clean
    context: Clean
    objects: tuple[Clean, ...]
    effect: Clean
    command: Clean = EMPTY
    warnings: tuple[Clean, ...] = ()
    denied: tuple[Clean, ...] = ()
    typed: Clean = EMPTY


def is_protected(patterns: Sequence[str], context: str, cluster: str) -> bool:
    """Return whether a pattern of the configuration matches the context or the cluster."""
    return any(
        fnmatchcase(name.lower(), pattern.lower())
        for pattern in patterns
        for name in (context, cluster)
        if name
    )


def named(refs: Sequence[ObjectRef]) -> tuple[Clean, ...]:
    """Return the objects as `Kind namespace/name`, the first ones by name."""
    lines = [
        Clean(f"{clean(ref.kind)} {clean(f'{ref.namespace}/' if ref.namespace else '')}"
              f"{clean(ref.name)}")
        for ref in refs[:NAMED]
    ]  # fmt: skip
    more = len(refs) - NAMED
    return (*lines, Clean(f"and {more} more")) if more > 0 else tuple(lines)


def denials(rights: Sequence[Right]) -> tuple[Clean, ...]:
    """Return the missing rule of each right that isn't given; unanswered reviews deny nothing."""
    return tuple(dict.fromkeys(
        Clean(f"RBAC denies `{clean(str(right.ask))}`.")
        for right in rights if right.allowed is False
    ))  # fmt: skip


def unsure(rights: Sequence[Right]) -> tuple[Clean, ...]:
    """Return a warning for each right whose review wasn't answered."""
    return tuple(dict.fromkeys(
        Clean(f"It isn't known whether you may `{clean(str(right.ask))}`: {right.reason}")
        for right in rights if right.allowed is None
    ))  # fmt: skip


def effect_of(verb: Verb, refs: Sequence[ObjectRef]) -> Clean:
    """Return what will happen, in one sentence."""
    one = len(refs) == 1
    it, pods = ("it" if one else "them"), ("its" if one else "their")
    match verb:
        case Verb.CORDON:
            return Clean(f"No new pods will be scheduled onto {it}; running pods stay.")
        case Verb.UNCORDON:
            return Clean(f"Pods can be scheduled onto {it} again.")
        case Verb.RESTART:
            return Clean(f"All {pods} pods are replaced, as the update strategy says.")
        case Verb.DELETE if {ref.kind for ref in refs} == {"Pod"}:
            return Clean(f"Deletes {it}; a controller creates a pod again, without one it is lost.")
        case Verb.DELETE:
            return Clean(f"Deletes {it} and what {'it owns' if one else 'they own'}.")
    return EMPTY


def commands(changes: Sequence[Change]) -> tuple[tuple[str, ...], ...]:
    """Return the words of each distinct kubectl command."""
    return tuple(dict.fromkeys(change.words for change in changes))
