"""The pods of a drain plan as lines: their columns, and what to know about each."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct

from eksview.domain.base.text import Clean, cells, clean, fit
from eksview.domain.drain.plan import PlannedPod
from eksview.ui.text.layout import fold
from eksview.ui.text.words import Tone, Words

GAP = "  "
INDENT = "    "
_POD, _OWNER = 24, 16
"""Cells to which these columns shrink, so that the column DRAIN stays whole."""


class _Widths(Struct, frozen=True):
    """Cells of the columns, and whether the notes of all pods fit beside them."""

    pod: int
    owner: int
    fate: int
    beside: bool


def pod_lines(
    pods: Sequence[PlannedPod], width: int, short: Callable[[str], str], more: str
) -> Iterator[Words]:
    """Yield a heading and each pod; `short` returns the short name of a node."""
    notes = {pod.key: clean("; ".join(_notes(pod, short))) for pod in pods}
    at = _widths(pods, notes.values(), width)

    def row(pod: str, owner: str, fate: str, tone: Tone) -> Words:
        return (
            (fit(pod, at.pod, more=more), tone),
            (GAP + fit(owner, at.owner, more=more), "dim"),
            (GAP + fit(fate, at.fate, more=more), tone),
        )

    yield (*row("POD", "OWNER", "DRAIN", "dim"), *(((f"{GAP}WHY", "dim"),) if at.beside else ()))
    for pod in pods:
        line = row(pod.key, pod.owner, _fate(pod), "bad" if pod.blocked else "text")
        note, tone = notes[pod.key], _tone(pod)
        if at.beside or not note:
            yield (*line, (GAP + note, tone)) if note else line
            continue
        yield line
        yield from (((INDENT + part, tone),) for part in fold(note, width - len(INDENT)))


def _widths(pods: Sequence[PlannedPod], notes: Iterable[Clean], width: int) -> _Widths:
    fate = _widest("DRAIN", map(_fate, pods))
    owner = _widest("OWNER", (pod.owner for pod in pods))
    pod = _widest("POD", (pod.key for pod in pods))
    room = width - fate - 2 * len(GAP)
    owner = min(owner, max(_OWNER, room - pod))
    pod = min(pod, max(_POD, room - owner))
    return _Widths(pod, owner, fate, room - pod - owner - len(GAP) >= _widest("WHY", notes))


def _widest(title: str, texts: Iterable[str]) -> int:
    return max(cells(title), *map(cells, texts), 0)


def _fate(pod: PlannedPod) -> str:
    return "blocked" if pod.blocked else pod.fate


def _tone(pod: PlannedPod) -> Tone:
    """Return the tone of the notes: quiet where they only say where the pod fits."""
    fits = pod.fit is None or (pod.fit.node and not pod.fit.unsure)
    return "dim" if fits and not any(_warnings(pod)) else "warn"


def _warnings(pod: PlannedPod) -> Iterator[str]:
    if pod.leaves and pod.verdict.reason:
        yield pod.verdict.reason
    if pod.waits:
        yield f"waits for {pod.verdict.budgets[0]}"
    if pod.leaves and pod.local_storage:
        yield "emptyDir is lost"


def _notes(pod: PlannedPod, short: Callable[[str], str]) -> Iterator[str]:
    """Yield what to know about a pod of the plan."""
    yield from _warnings(pod)
    if pod.fit is not None:
        yield f"fits on {short(pod.fit.node)}" if pod.fit.node else pod.fit.reason
        if pod.fit.unsure:
            yield f"not simulated: {pod.fit.unsure}"
