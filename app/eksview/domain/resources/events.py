"""Events about any object, as Kubernetes has them in core/v1."""

from msgspec import Struct, field

from eksview.domain.base.age import parse_time
from eksview.domain.base.text import clean, shared
from eksview.domain.kube.api_types import Meta
from eksview.domain.resources.resource import Resource
from eksview.domain.rows.kube import EventRow, Kind


class InvolvedObject(Struct, gc=False):
    kind: str = ""
    namespace: str | None = None
    name: str = ""
    uid: str = ""


class EventSource(Struct, gc=False):
    component: str | None = None


class EventSeries(Struct, rename="camel", gc=False):
    count: int = 0
    last_observed_time: str | None = None


class Event(Struct, rename="camel", gc=False):
    metadata: Meta = field(default_factory=Meta)
    involved_object: InvolvedObject | None = None
    type: str | None = None
    reason: str | None = None
    message: str | None = None
    source: EventSource | None = None
    reporting_component: str | None = None
    count: int | None = None
    first_timestamp: str | None = None
    last_timestamp: str | None = None
    event_time: str | None = None
    series: EventSeries | None = None


_NO_OBJECT, _NO_SOURCE = InvolvedObject(), EventSource()


def event_row(event: Event) -> EventRow:
    """Return an event's row, from the old or the new fields, as its reporter filled them in."""
    meta, about = event.metadata, event.involved_object or _NO_OBJECT
    series, source = event.series, event.source or _NO_SOURCE
    happened = parse_time(event.event_time)
    seen = parse_time(series.last_observed_time) if series else None
    return EventRow(
        uid=clean(meta.uid),
        namespace=shared(meta.namespace),
        name=clean(meta.name),
        about=clean(f"{about.kind}/{about.namespace or ''}/{about.name}"),
        type=shared(event.type or ""),
        reason=shared(event.reason or ""),
        message=clean(event.message or ""),
        source=shared(source.component or event.reporting_component or ""),
        count=(series.count if series else event.count) or 1,
        first=parse_time(event.first_timestamp) or happened,
        last=seen or parse_time(event.last_timestamp) or happened,
        about_uid=shared(about.uid),
    )


RESOURCE = Resource(kind=Kind.EVENT, object_kind="Event", shape=Event, row=event_row)
