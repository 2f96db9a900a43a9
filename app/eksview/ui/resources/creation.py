"""Why the pods of a workload aren't created."""

from collections.abc import Iterator

from eksview.domain.base.age import human_duration
from eksview.domain.base.health import Health
from eksview.domain.base.text import clean
from eksview.domain.guides.owners import is_made_by, made_by
from eksview.domain.guides.registry import guide_to
from eksview.domain.kube.api_resource import ApiResource
from eksview.domain.kube.server_table import ObjectRow
from eksview.domain.scheduling.creation import FailedCreation, failure_in_events
from eksview.store.selectors.object_events import events_of
from eksview.store.store import Store
from eksview.ui.resources.object_spec import ObjectJudge
from eksview.ui.text.layout import beside
from eksview.ui.text.words import Words


def failure_of_row(store: Store, resource: ApiResource, row: ObjectRow) -> FailedCreation | None:
    """Return why an object, or a Deployment's replica set, can't create pods; None if it can."""
    judge = ObjectJudge(guide_to(resource.qualified))
    if judge.health(row) is Health.OK:
        return None
    kind, place = resource.kind, row.namespace
    start = made_by(kind, place, row.name)
    made = store.event_index.beginning(start) if start else ()
    children = (about for about in made if is_made_by(kind, about.removeprefix(start)))
    own = f"{kind}/{place}/{row.name}"
    for about in (own, *children):
        by, _, name = about.split("/", 2)
        events = events_of(store, by, place, name, row.uid if about == own else "")
        failure = failure_in_events(clean(f"{by}/{name}"), events)
        if failure is not None:
            return failure
    return None


def creation_lines(failure: FailedCreation | None, now: float, width: int) -> Iterator[Words]:
    """Yield the cause with its details, who reports it and how often; nothing without one."""
    if failure is None:
        return
    yield (("Why its pods aren't created", "strong"),)
    yield from beside((("  ", "text"),), failure.refusal.cause, "bad", width)
    for detail in failure.refusal.details:
        yield from beside((("    ", "text"),), detail, "warn", width)
    yield from beside((("  ", "text"),), clean(_reported(failure, now)), "dim", width)
    yield ()


def _reported(failure: FailedCreation, now: float) -> str:
    event = failure.event
    if event is None or event.last is None:
        return f"reported by {failure.by}"
    often = f", {event.count:,} times" if event.count > 1 else ""
    return f"reported by {failure.by} {human_duration(now - event.last)} ago{often}"
