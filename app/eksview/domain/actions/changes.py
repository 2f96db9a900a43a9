"""The changes that an action sends, and what came of them in one sentence."""

from collections.abc import Sequence

from eksview.domain.actions.change import (
    Change,
    Outcome,
    cordon,
    delete,
    needs,
    restart,
    scale,
)
from eksview.domain.actions.verbs import Verb
from eksview.domain.base.text import Clean, clean
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.rows.access import AccessRequest

DONE = {
    Verb.CORDON: "Cordoned",
    Verb.UNCORDON: "Uncordoned",
    Verb.DELETE: "Deleted",
    Verb.RESTART: "Restarted",
    Verb.SCALE: "Scaled",
}


def changes_of(
    verb: Verb, refs: Sequence[ObjectRef], *, at: str = "", replicas: int = 0
) -> tuple[Change, ...]:
    """Return a change per object; none for what a command or a drain does."""
    match verb:
        case Verb.CORDON | Verb.UNCORDON:
            return tuple(cordon(ref, on=verb is Verb.CORDON) for ref in refs)
        case Verb.DELETE:
            return tuple(delete(ref) for ref in refs)
        case Verb.RESTART:
            return tuple(restart(ref, at) for ref in refs)
        case Verb.SCALE:
            return tuple(scale(ref, replicas) for ref in refs)
    return ()


def words_of(verb: Verb, ref: ObjectRef, *, image: str = "") -> tuple[str, ...]:
    """Return the words of kubectl that take the terminal for an action; empty for any other."""
    space = ref.namespace_words
    match verb:
        case Verb.SHELL:
            return ("exec", "-it", *space, ref.name, "--", "sh")
        case Verb.DEBUG:
            return ("debug", "-it", *space, ref.name, f"--image={image}")
    return ()


def needed(verb: Verb, refs: Sequence[ObjectRef]) -> tuple[AccessRequest, ...]:
    """Return the rights that an action needs."""
    match verb:
        case Verb.DRAIN:
            # kubectl drain evicts pods of any namespace.
            return (
                *(needs("patch", ref) for ref in refs),
                AccessRequest("create", "pods/eviction"),
            )
        case Verb.SHELL:
            return tuple(needs("create", ref, "exec") for ref in refs)
        case Verb.DEBUG:
            return tuple(needs("patch", ref, "ephemeralcontainers") for ref in refs)
        case Verb.FORWARD:
            # Of a workload or service kubectl forwards one of its pods.
            return tuple(
                AccessRequest(
                    "create", "pods/portforward", "", clean(ref.namespace),
                    ref.name if ref.kind == "Pod" else "",
                )
                for ref in refs
            )  # fmt: skip
    return tuple(dict.fromkeys(change.needs for change in changes_of(verb, refs)))


def result(verb: Verb, refs: Sequence[ObjectRef], outcomes: Sequence[Outcome]) -> Clean:
    """Return what was done and what not; `outcomes` may end early, after an answer was lost."""
    pairs = list(zip(refs, outcomes, strict=False))
    done = sum(outcome.done for outcome in outcomes)
    if done == len(refs):
        subject = clean(refs[0].full_name) if done == 1 else f"{done} objects"
        return clean(f"{DONE[verb]} {subject}.")
    failed = [(ref, outcome) for ref, outcome in pairs if not outcome.done]
    reasons = " ".join(
        f"{clean(ref.full_name)}: {'it is unknown whether it was done: ' if outcome.lost else ''}"
        f"{outcome.reason}" for ref, outcome in failed[:3]
    )  # fmt: skip
    rest = len(refs) - len(outcomes)
    left = f", {rest} not tried" if rest else ""
    if len(refs) == 1:
        return clean(f"{verb}: {reasons}")
    return clean(f"{DONE[verb]} {done} of {len(refs)}{left}. {reasons}")
