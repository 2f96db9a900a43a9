"""What came of an action on all its objects, in one sentence."""

import re
from collections.abc import Sequence

from eksview.domain.actions.change import Outcome
from eksview.domain.actions.registry import ACTIONS, Verb
from eksview.domain.base.text import Clean, clean
from eksview.domain.kube.object_ref import ObjectRef

_OTHER_UID = re.compile(r"UID in (the )?precondition\b")
"""How the API server says that another object has the name by now.

Source: kube-apiserver 1.33, `storage.Preconditions` and `rest.BeforeDelete`.
"""


def result(verb: Verb, refs: Sequence[ObjectRef], outcomes: Sequence[Outcome]) -> Clean:
    """Return what was done and what not; `outcomes` may end early, after an answer was lost."""
    pairs = list(zip(refs, outcomes, strict=False))
    done = sum(outcome.done for outcome in outcomes)
    did = ACTIONS[verb].done
    if done == len(refs):
        subject = clean(refs[0].full_name) if done == 1 else f"{done} objects"
        return clean(f"{did} {subject}.")
    failed = [(ref, outcome) for ref, outcome in pairs if not outcome.done]
    reasons = " ".join(f"{clean(ref.full_name)}: {_reason(outcome)}" for ref, outcome in failed[:3])
    rest = len(refs) - len(outcomes)
    left = f", {rest} not tried" if rest else ""
    if len(refs) == 1:
        return clean(f"{verb}: {reasons}")
    return clean(f"{did} {done} of {len(refs)}{left}. {reasons}")


def _reason(outcome: Outcome) -> str:
    """Return why a change wasn't done, or that this is unknown."""
    if outcome.lost:
        return f"it is unknown whether it was done: {outcome.reason}"
    if _OTHER_UID.search(outcome.reason):
        return "it was deleted and created again meanwhile; the new one wasn't touched."
    return outcome.reason
