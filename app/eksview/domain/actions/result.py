"""What came of an action on all its objects, in one sentence."""

from collections.abc import Sequence

from eksview.domain.actions.change import Outcome
from eksview.domain.actions.registry import ACTIONS, Verb
from eksview.domain.base.text import Clean, clean
from eksview.domain.kube.object_ref import ObjectRef


def result(verb: Verb, refs: Sequence[ObjectRef], outcomes: Sequence[Outcome]) -> Clean:
    """Return what was done and what not; `outcomes` may end early, after an answer was lost."""
    pairs = list(zip(refs, outcomes, strict=False))
    done = sum(outcome.done for outcome in outcomes)
    did = ACTIONS[verb].done
    if done == len(refs):
        subject = clean(refs[0].full_name) if done == 1 else f"{done} objects"
        return clean(f"{did} {subject}.")
    failed = [(ref, outcome) for ref, outcome in pairs if not outcome.done]
    reasons = " ".join(
        f"{clean(ref.full_name)}: {'it is unknown whether it was done: ' if outcome.lost else ''}"
        f"{outcome.reason}" for ref, outcome in failed[:3]
    )  # fmt: skip
    rest = len(refs) - len(outcomes)
    left = f", {rest} not tried" if rest else ""
    if len(refs) == 1:
        return clean(f"{verb}: {reasons}")
    return clean(f"{did} {done} of {len(refs)}{left}. {reasons}")
