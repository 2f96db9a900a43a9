"""Why a controller's pods aren't created: the refusal of the API server, taken apart.

Source: Kubernetes 1.27 to 1.36, `pkg/controller` (the events FailedCreate and the condition
ReplicaFailure) and the messages of the admission plugins under `plugin/pkg/admission` and
`staging/src/k8s.io/apiserver/pkg/admission/plugin`.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct

from eksview.domain.base.json_values import Json, items, word
from eksview.domain.base.text import Clean, clean
from eksview.domain.rows.kube import EventRow

FAILED = "FailedCreate"
"""The reason of the events, and of the condition ReplicaFailure."""
_HEAD = re.compile(
    r"(?:\(combined from similar events\): )?"
    r"(?:Error creating(?: job)?: |create (?:Pod|Claim) .+? in StatefulSet \S+ failed error: )?"
    r'(?:\S+ "[^"]*" is forbidden: )?',
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"(?P<resource>[^,=]+)=(?P<amount>[^,]*)")
_NEXT_LIMIT = re.compile(r", (?=(?:maximum|minimum) |\S+ max limit to request ratio )")
_OPEN, _CLOSE = "([{", ")]}"


class CreationRefusal(Struct, frozen=True):
    """A clause that says what refuses the pods, and what it has against them."""

    cause: Clean
    details: tuple[Clean, ...] = ()


class FailedCreation(Struct, frozen=True):
    """A refusal, the object that reports it as `ReplicaSet/web-1`, and its newest event if any."""

    refusal: CreationRefusal
    by: Clean
    event: EventRow | None = None


def failure_in_events(by: Clean, events: Iterable[EventRow]) -> FailedCreation | None:
    """Return the failure that an object's newest event is about; None for other events."""
    newest = max(events, key=_when, default=None)
    if newest is None or newest.reason != FAILED:
        return None
    return FailedCreation(creation_refusal(newest.message), by, newest)


def failure_in_conditions(whole: Json) -> FailedCreation | None:
    """Return the failure that a Deployment, ReplicaSet or ReplicationController has."""
    for condition in items(whole, "status", "conditions"):
        if word(condition, "type") == "ReplicaFailure" and word(condition, "status") == "True":
            by = clean(f"{word(whole, 'kind')}/{word(whole, 'metadata', 'name')}")
            return FailedCreation(creation_refusal(word(condition, "message")), by)
    return None


def creation_refusal(message: str) -> CreationRefusal:
    """Take a message apart; the whole of another one is the cause."""
    text = _HEAD.sub("", message.strip(), count=1)
    for pattern, cause, details in _REFUSALS:
        if (match := pattern.fullmatch(text)) is not None:
            listed = tuple(clean(each.strip()) for each in details(match) if each)
            return CreationRefusal(clean(match.expand(cause)), listed)
    return CreationRefusal(clean(text))


def _when(event: EventRow) -> tuple[float, bool]:
    return event.last or event.first or 0.0, event.reason == FAILED


def _shortfalls(match: re.Match[str]) -> Iterator[str]:
    """Yield each exceeded resource; a message is cut at 1,024 bytes, so amounts may be missing."""
    sides = {side: _amounts(match[side]) for side in ("requested", "used", "limited")}
    for resource in sides["requested"]:
        amounts = (
            f"{side} {found[resource]}" for side, found in sides.items() if resource in found
        )
        yield f"{resource}: {', '.join(amounts)}"


def _amounts(text: str | None) -> dict[str, str]:
    return {each["resource"]: each["amount"] for each in _AMOUNT.finditer(text or "")}


def _whole(match: re.Match[str]) -> Sequence[str]:
    return (match["rest"],)


def _limits(match: re.Match[str]) -> Sequence[str]:
    return _NEXT_LIMIT.split(match["rest"])


def _missing(match: re.Match[str]) -> Sequence[str]:
    """Return the values that aren't set: since 1.24 with the containers that lack them."""
    text = match["rest"]
    return text.split("; " if " for: " in text else ",")


def _none(_: re.Match[str]) -> Sequence[str]:
    return ()


def _listed(match: re.Match[str]) -> Iterator[str]:
    """Yield the parts of a list, which has commas within brackets too."""
    text, depth, begin = match["rest"], 0, 0
    for at, character in enumerate(text):
        depth += (character in _OPEN) - (character in _CLOSE)
        if character == "," and depth == 0:
            yield text[begin:at].strip()
            begin = at + 1
    yield text[begin:].strip()


_Details = Callable[[re.Match[str]], Iterable[str]]
_REFUSALS: tuple[tuple[re.Pattern[str], str, _Details], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE | re.DOTALL), cause, details)
    for pattern, cause, details in (
        (
            r"exceeded quota: (?P<name>[^,]+), requested: (?P<requested>.*?)"
            r"(?:, used: (?P<used>.*?)(?:, limited: (?P<limited>.*))?)?",
            r"quota \g<name> exceeded",
            _shortfalls,
        ),
        (
            r"failed quota: (?P<name>[^:]+): must specify (?P<rest>.+)",
            r"quota \g<name> demands values that the pods don't set",
            _missing,
        ),
        (
            r"\[?(?P<rest>(?:(?:maximum|minimum) |\S+ max limit to request ratio ).+?)\]?",
            "a LimitRange forbids the requests or limits",
            _limits,
        ),
        (
            r'violates PodSecurity "(?P<level>[^"]+)": (?P<rest>.+)',
            r"Pod Security \g<level> is violated",
            _listed,
        ),
        (
            r"unable to validate against any security context constraint: \[(?P<rest>.*?)\]?",
            "no security context constraint allows the pods",
            _listed,
        ),
        (
            r'error looking up service account [^:]+: serviceaccount "(?P<name>[^"]+)" not found',
            r"service account \g<name> doesn't exist",
            _none,
        ),
        (
            r"no PriorityClass with name (?P<name>\S+) was found",
            r"priority class \g<name> doesn't exist",
            _none,
        ),
        (
            r'pod rejected: RuntimeClass "(?P<name>[^"]+)" not found',
            r"runtime class \g<name> doesn't exist",
            _none,
        ),
        (
            r"unable to create new content in namespace (?P<name>\S+) because it is being "
            r"terminated",
            r"namespace \g<name> is being deleted",
            _none,
        ),
        (
            r'admission webhook "(?P<name>[^"]+)" denied the request(?:: (?P<rest>.+)'
            r"| without explanation)",
            r"webhook \g<name> denies the pods",
            _whole,
        ),
        (
            r'(?:Internal error occurred: )?failed calling webhook "(?P<name>[^"]+)": (?P<rest>.+)',
            r"webhook \g<name> can't be called",
            _whole,
        ),
        (
            r"ValidatingAdmissionPolicy '(?P<name>[^']+)' with binding '[^']+' denied request: "
            r"(?P<rest>.+)",
            r"admission policy \g<name> denies the pods",
            _whole,
        ),
        (r'\S+ "[^"]*" is invalid: \[?(?P<rest>.+?)\]?', "the pods are invalid", _listed),
    )
)
