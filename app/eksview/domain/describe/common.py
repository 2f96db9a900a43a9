"""The parts that `kubectl describe` prints of many kinds, as lines of cells that end with a tab.

The wording follows k8s.io/kubectl/pkg/describe/describe.go of 1.33.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from typing import TypeAlias

from msgspec import Struct

from eksview.domain.base.age import human_duration, parse_time
from eksview.domain.base.go_text import go_text
from eksview.domain.base.json_values import Json, at, items, texts, word
from eksview.domain.base.quantity import canonical
from eksview.domain.describe.beside import Beside
from eksview.domain.rows.kube import EventRow

Lines: TypeAlias = Iterator[str]

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
LONGEST = 140
"""Bytes of an annotation that are printed in its line."""


class PodPhases(Struct, frozen=True):
    """The pods of a controller by phase."""

    running: int = 0
    waiting: int = 0
    succeeded: int = 0
    failed: int = 0


class Related(Struct, frozen=True):
    """What a description needs beside its object.

    `phases` are None while the pods are unread. `new_replicas` and `old_replicas` are the replica
    sets of a deployment as `name (1/1 replicas created)`, None while they are unread. `beside` are
    the objects of `listed_beside`. Times are printed in `zone`, None for this machine's.
    """

    now: float
    events: Sequence[EventRow] | None = ()
    phases: PodPhases | None = None
    new_replicas: Sequence[str] | None = None
    old_replicas: Sequence[str] = ()
    beside: Beside = Beside()
    zone: tzinfo | None = None


def amount(value: Json, *path: str, empty: str = "") -> str:
    """Return a quantity in its canonical form; `empty` where it is missing."""
    return canonical(word(value, *path, empty=empty))


def flag(value: Json, *path: str) -> str:
    """Return a truth value as Go prints it; false where it is missing."""
    return "true" if at(value, *path) is True else "false"


def moment(text: str | None, zone: tzinfo | None) -> str:
    """Return a time as RFC 1123 with a numeric zone; Go's zero time without one."""
    seconds = parse_time(text)
    if seconds is None:
        return "Mon, 01 Jan 0001 00:00:00 +0000"
    then = datetime.fromtimestamp(seconds, UTC).astimezone(zone)
    return then.strftime("%a, %d %b %Y %H:%M:%S %z")


def when(text: str | None, zone: tzinfo | None) -> str:
    """Return a time as Go's `Time.String` does, `2026-01-02 03:04:05 +0000 UTC`."""
    seconds = parse_time(text)
    if seconds is None:
        return "<nil>"
    then = datetime.fromtimestamp(seconds, UTC).astimezone(zone)
    return then.strftime("%Y-%m-%d %H:%M:%S %z %Z")


def since(text: str | None, now: float) -> str:
    seconds = parse_time(text)
    return "<unknown>" if seconds is None else human_duration(now - seconds)


def indented(lines: Iterable[str], level: int = 1) -> Lines:
    return ("  " * level + line for line in lines)


def fields_set(value: Json, *fields: tuple[str, str]) -> Lines:
    """Yield the fields that have a value, each given by its title and name."""
    for title, field in fields:
        if at(value, field):
            yield f"{title}:\t{word(value, field)}"


def one_per_line(title: str, entries: Sequence[str], indent: str = "") -> Lines:
    """Yield a title and its entries, the first one beside it; `<none>` without any."""
    first, *rest = entries or ("<none>",)
    yield f"{indent}{title}:\t{first}"
    for entry in rest:
        yield f"{indent}\t{entry}"


def labels(title: str, pairs: Json, indent: str = "") -> Lines:
    """Yield a map as `key=value` lines by key."""
    entries = [f"{key}={go_text(value)}" for key, value in sorted((pairs or {}).items())]
    return one_per_line(title, entries, indent)


def annotations(title: str, pairs: Json) -> Lines:
    """Yield annotations by key; long ones and those of several lines below their key."""
    entries: list[str] = []
    for key, value in sorted((pairs or {}).items()):
        if key == LAST_APPLIED:
            continue
        text = str(value).removesuffix("\n")
        if len(text.encode()) + len(key) + 2 <= LONGEST and "\n" not in text:
            entries.append(f"{key}: {text}")
            continue
        entries.append(f"{key}:")
        entries += [f"  {shortened(line, LONGEST - 2)}" for line in text.split("\n")]
    return one_per_line(title, entries)


def shortened(text: str, most: int = LONGEST) -> str:
    """Return at most so many bytes of a text, as kubectl counts them."""
    data = text.encode()
    return text if len(data) <= most else data[:most].decode(errors="ignore") + "..."


def selector_text(selector: Json, empty: str = "<none>") -> str:
    """Return a label selector as `metav1.FormatLabelSelector` prints it."""
    pairs = at(selector, "matchLabels") or {}
    requirements = [(key, f"{key}={value}") for key, value in pairs.items()]
    for expression in items(selector, "matchExpressions"):
        requirements.append((word(expression, "key"), _requirement(expression)))
    return ",".join(text for _, text in sorted(requirements)) or empty


def _requirement(expression: Json) -> str:
    key, values = word(expression, "key"), ",".join(sorted(texts(expression, "values")))
    match word(expression, "operator"):
        case "In":
            return f"{key} in ({values})"
        case "NotIn":
            return f"{key} notin ({values})"
        case "Exists":
            return key
    return f"!{key}"


def map_text(pairs: Json) -> str:
    """Return a map in one line, `a=b,c=d`."""
    return ",".join(f"{key}={value}" for key, value in sorted((pairs or {}).items())) or "<none>"


def head(whole: Json, *, namespaced: bool = True) -> Lines:
    """Yield the name, the namespace, the labels and the annotations."""
    yield from named(whole, namespaced=namespaced)
    yield from labels_and_annotations(whole)


def labels_and_annotations(whole: Json) -> Lines:
    yield from labels("Labels", at(whole, "metadata", "labels"))
    yield from annotations("Annotations", at(whole, "metadata", "annotations"))


def named(whole: Json, *, namespaced: bool = True) -> Lines:
    yield f"Name:\t{word(whole, 'metadata', 'name')}"
    if namespaced:
        yield f"Namespace:\t{word(whole, 'metadata', 'namespace')}"


def controlled_by(whole: Json) -> Lines:
    """Yield the line of the controller; nothing without one."""
    for owner in items(whole, "metadata", "ownerReferences"):
        if owner.get("controller") is True:
            yield f"Controlled By:\t{word(owner, 'kind')}/{word(owner, 'name')}"


def pods_status(related: Related) -> str:
    """Return the pods of a controller by phase."""
    phases = related.phases
    if phases is None:
        return "unknown because the pods weren't read"
    return (
        f"{phases.running} Running / {phases.waiting} Waiting / "
        f"{phases.succeeded} Succeeded / {phases.failed} Failed"
    )


def conditions(whole: Json) -> Lines:
    """Yield the conditions of a workload; nothing without any."""
    rows = items(whole, "status", "conditions")
    if rows:
        yield "Conditions:"
        yield "  Type\tStatus\tReason"
        yield "  ----\t------\t------"
    for row in rows:
        yield f"  {word(row, 'type')} \t{word(row, 'status')}\t{word(row, 'reason')}"


def dated_conditions(whole: Json, zone: tzinfo | None) -> Lines:
    """Yield the conditions of an object with the times of their changes; nothing without any."""
    rows = items(whole, "status", "conditions")
    if rows:
        yield "Conditions:"
        yield "  Type\tStatus\tLastTransitionTime\tReason\tMessage"
        yield "  ----\t------\t------------------\t------\t-------"
    for row in rows:
        changed = moment(word(row, "lastTransitionTime"), zone)
        yield (
            f"  {word(row, 'type')}\t{word(row, 'status')}\t{changed}\t"
            f"{word(row, 'reason')}\t{word(row, 'message')}"
        )


def event_table(events: Sequence[EventRow], now: float) -> Lines:
    """Yield the events, the latest last; nothing without any."""
    if not events:
        return
    yield "Events:"
    yield "  Type\tReason\tAge\tFrom\tMessage"
    yield "  ----\t------\t----\t----\t-------"
    for event in sorted(events, key=lambda event: event.last or event.first or 0.0):
        yield (
            f"  {event.type}\t{event.reason}\t{_often(event, now)}\t"
            f"{event.source}\t{event.message.strip()}"
        )


def _often(event: EventRow, now: float) -> str:
    first, last = event.first or event.last, event.last or event.first
    if first is None or last is None:
        return "<unknown>"
    if event.count > 1:
        times = f"x{event.count} over {human_duration(now - first)}"
        return f"{human_duration(now - last)} ({times})"
    return human_duration(now - first)
