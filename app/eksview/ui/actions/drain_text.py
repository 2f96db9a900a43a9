"""The lines of a drain plan and of a drain's progress."""

from collections.abc import Iterator, Sequence

from eksview.domain.actions.drain_progress import AGAIN, OVER, PodProgress, PodState, drained
from eksview.domain.base.age import human_duration
from eksview.domain.base.text import Clean, clean, fit
from eksview.domain.drain.plan import DrainPlan, summary
from eksview.ui.text.layout import fold
from eksview.ui.text.words import Tone, Words

TONES: dict[PodState, Tone] = {
    PodState.WAITING: "dim",
    PodState.EVICTING: "text",
    PodState.BLOCKED: "warn",
    PodState.PUT_OFF: "warn",
    PodState.LEAVING: "text",
    PodState.GONE: "ok",
    PodState.FAILED: "bad",
    PodState.UNKNOWN: "bad",
}
STATE = 12


def progress_lines(
    pods: Sequence[PodProgress], stopped: Clean, now: float, width: int, *, stale: bool = False
) -> Iterator[Words]:
    """Yield what was done, then each pod with its state, how long it has it, and why."""
    tone: Tone = "bad" if stopped else "strong"
    for line in fold(drained(pods, stopped), width):
        yield ((line, tone),)
    if stale:
        text = "The watch of pods is interrupted: a pod may be gone without being shown so."
        yield from (((line, "warn"),) for line in fold(clean(text), width))
    yield ()
    for each in pods:
        goes_on = each.since and each.state not in OVER
        lasts = human_duration(max(0.0, now - each.since)) if goes_on else ""
        many = "tries" if each.tries > 1 else "try"
        tries = f", {each.tries} {many}" if each.state in AGAIN else ""
        yield (
            (fit(each.state, STATE), TONES[each.state]),
            (f" {each.pod.key}", "text"),
            (clean(f"  {lasts}{tries}"), "dim"),
        )
        indent = " " * (STATE + 1)
        for line in fold(each.note, width - len(indent)) if each.note else ():
            yield ((indent, "dim"), (line, "warn"))


def plan_warnings(plan: DrainPlan) -> Iterator[Clean]:
    """Yield what a person should know before a drain."""
    yield clean(f"{plan.node}: {summary(plan)}.")
    for pod in plan.blocked:
        yield clean(f"Blocked: {pod.key}: {pod.verdict.reason}.")
    if lost := sum(pod.local_storage and pod.leaves for pod in plan.pods):
        yield clean(f"{lost} with local storage (emptyDir), whose data is lost.")
    yield from plan.unread
