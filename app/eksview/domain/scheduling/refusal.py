"""The scheduler's message that no node takes a pod, taken apart.

Source: kube-scheduler 1.27 to 1.36, `framework/types.go` (`FitError.Error`): the reasons of the
nodes with their counts, or the one of a plugin that looks at no node; then what preemption would
change, which 1.32 and later precede by what resource claims would.
"""

import re

from msgspec import Struct

from eksview.domain.base.text import EMPTY, Clean, clean

_HEAD = re.compile(
    r"(?P<fit>\d{1,9})/(?P<nodes>\d{1,9}) nodes are available:? ?(?P<rest>.*)", re.DOTALL
)
_NO_NODES = "no nodes available to schedule pods"
_COUNTED = re.compile(r"(?P<nodes>\d{1,9}) (?P<reason>.+)", re.DOTALL)
_NEXT = re.compile(r", (?=\d+ )")
_PREEMPTION = re.compile(r"(?:^|[.,]? )preemption: ")
_SENTENCE = re.compile(r"\.+ +(?=[a-z0-9])")


class Cause(Struct, frozen=True):
    """A reason, and the number of nodes that have it; None where it is the pod's own."""

    reason: Clean
    nodes: int | None = None


class Refusal(Struct, frozen=True):
    """What the scheduler says of a pod without a node.

    `causes` are those with the most nodes first, `preemption` is what removing other pods would
    change, `claims` what releasing resource claims would. `nodes` is None for another message.
    """

    nodes: int | None
    causes: tuple[Cause, ...] = ()
    preemption: tuple[Cause, ...] = ()
    claims: Clean = EMPTY


def refusal(message: str) -> Refusal | None:
    """Take a message apart; None for an empty one, and the whole text as a cause for another."""
    text = message.strip()
    if not text:
        return None
    if text.rstrip(".") == _NO_NODES:
        return Refusal(0, (Cause(clean("the cluster has no node")),))
    head = _HEAD.fullmatch(text)
    if head is None:
        return Refusal(None, (Cause(clean(text)),))
    filters, claims, preemption = _parts(head["rest"])
    causes = sorted(_causes(filters), key=lambda cause: -(cause.nodes or 0))
    return Refusal(int(head["nodes"]), tuple(causes), _preempted(preemption), clean(claims))


def _parts(text: str) -> tuple[str, str, str]:
    """Return what the filters say, what of claims comes before preemption, and preemption."""
    before, preemption = text, ""
    if (mark := _PREEMPTION.search(text)) is not None:
        before, preemption = text[: mark.start()], text[mark.end() :]
    filters, *claims = _SENTENCE.split(before, maxsplit=1)
    return filters.rstrip(" ."), " ".join(claims).strip(" .,"), preemption.rstrip(" .")


def _causes(text: str) -> list[Cause]:
    if not text:
        return []
    causes = []
    for part in _NEXT.split(text):
        counted = _COUNTED.fullmatch(part)
        if counted is None:
            causes.append(Cause(clean(part)))
        else:
            causes.append(Cause(clean(counted["reason"]), int(counted["nodes"])))
    return causes


def _preempted(text: str) -> tuple[Cause, ...]:
    head = _HEAD.fullmatch(text)
    return tuple(_causes(head["rest"].rstrip(" .") if head else text))
