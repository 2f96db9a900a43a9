"""The question before an action: what happens to what, in which cluster, and what to know first."""

from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase

from msgspec import Struct

from eksview.domain.actions.deletion import deletion_of
from eksview.domain.actions.facts import ActionFacts
from eksview.domain.actions.managers import scaled_by, warnings
from eksview.domain.actions.registry import ACTIONS, Verb
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.rows.access import Right
from eksview.domain.rows.server import Target

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
    warnings: tuple[Clean, ...] = ()
    denied: tuple[Clean, ...] = ()
    typed: Clean = EMPTY
    proposed: str = ""  # of what is typed: the replicas as they are, free ports
    ports: tuple[Clean, ...] = ()  # of the pods, which a forward may lead to


def is_protected(patterns: Sequence[str], *names: str) -> bool:
    """Return whether a pattern matches a name of the context or the cluster."""
    return any(
        fnmatchcase(name.lower(), pattern.lower()) for pattern in patterns for name in names if name
    )


def named(refs: Sequence[ObjectRef]) -> tuple[Clean, ...]:
    """Return the objects as `Kind namespace/name`, the first ones by name."""
    lines = [clean(f"{ref.kind} {ref.full_name}") for ref in refs[:NAMED]]
    more = len(refs) - NAMED
    return (*lines, clean(f"and {more} more")) if more > 0 else tuple(lines)


def denials(rights: Sequence[Right]) -> tuple[Clean, ...]:
    """Return the missing rule of each right that isn't given; unanswered reviews deny nothing."""
    return tuple(dict.fromkeys(
        clean(f"RBAC denies `{right.ask}`.")
        for right in rights if right.allowed is False
    ))  # fmt: skip


def unsure(rights: Sequence[Right]) -> tuple[Clean, ...]:
    """Return a warning for each right whose review wasn't answered."""
    return tuple(dict.fromkeys(
        clean(f"It isn't known whether you may `{right.ask}`: {right.reason}")
        for right in rights if right.allowed is None
    ))  # fmt: skip


def effect_of(verb: Verb, refs: Sequence[ObjectRef], facts: ActionFacts) -> Clean:
    """Return what will happen."""
    objects = [acted.metadata for acted in facts.objects.values()]
    text = ACTIONS[verb].effect or deletion_of(refs, objects)
    one = {"it": "it", "its": "its", "Its": "Its"}
    many = {"it": "them", "its": "their", "Its": "Their"}
    return clean(text.format_map(one if len(refs) == 1 else many))


def paused(
    refs: Sequence[ObjectRef], facts: ActionFacts, kubectl: Callable[..., str]
) -> tuple[Clean, ...]:
    """Return for each paused workload, which isn't restarted, the command that resumes it.

    `kubectl` returns the command line of its words.
    """
    resume = {
        ref: kubectl("rollout", "resume", f"{ref.qualified}/{ref.name}", *ref.namespace_words)
        for ref, acted in facts.objects.items() if acted.spec.paused
    }  # fmt: skip
    return tuple(
        clean(f"{ref.name} is paused. First run: {resume[ref]}") for ref in refs if ref in resume
    )


def question(
    verb: Verb,
    refs: Sequence[ObjectRef],
    facts: ActionFacts,
    rights: Sequence[Right],
    target: Target,
    protect: Sequence[str] = (),
    eks_name: str = "",
) -> Question:
    """Return the question about an action, with everything that speaks against it.

    `eks_name` is the cluster's name where the kubeconfig has it as an ARN or as eksctl names it.
    """
    objects = [(ref, facts.objects[ref]) for ref in refs if ref in facts.objects]
    warned = [line for ref, acted in objects for line in warnings(verb, ref, acted)]
    if verb is Verb.SCALE:
        warned += [line for ref in refs for line in scaled_by(ref, facts.autoscalers)]
    cluster = clean(target.cluster or target.server)
    protected = is_protected(protect, target.context, target.cluster, eks_name)
    one = len(refs) == 1
    return Question(
        title=clean(f"{verb} {named(refs)[0]}" if one else f"{verb} {len(refs)} objects"),
        cluster=cluster,
        context=clean(target.context),
        objects=named(refs),
        effect=effect_of(verb, refs, facts),
        warnings=tuple(dict.fromkeys((*warned, *facts.unread, *unsure(rights)))),
        denied=denials(rights),
        typed=clean(eks_name or cluster) if protected else EMPTY,
        proposed=_replicas(facts, refs[0]) if verb is Verb.SCALE else "",
    )


def _replicas(facts: ActionFacts, ref: ObjectRef) -> str:
    """Return the number of replicas as it is; empty where it wasn't read."""
    acted = facts.objects.get(ref)
    replicas = acted.spec.replicas if acted is not None else None
    return "" if replicas is None else str(replicas)
