"""The panel that shows the reason of a broken stream; home says a reason once."""

from eksview.domain.base.text import EMPTY, Clean
from eksview.domain.live.trust import HEALTH
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Link, Phase
from eksview.store.store import Store

STREAMS = (HEALTH, *(kind.value for kind in (Kind.NODE, Kind.POD, Kind.LEASE, Kind.EVENT)))
BROKEN = (Phase.RETRYING, Phase.REFUSED)


def impaired(link: Link) -> bool:
    """Check for a stream whose state needs a reason: broken, or listed instead of watched."""
    return link.phase in BROKEN or link.every > 0


def workers_reason(store: Store) -> Clean:
    """Return the reason that the workers panel shows instead of nodes; empty for none."""
    link = store.links.get(Kind.NODE.value)
    return link.reason if link is not None and link.phase in BROKEN and not store.nodes else EMPTY


def explained_stream(store: Store) -> str:
    """Return the first broken stream with a reason that the workers panel doesn't show."""
    shown = workers_reason(store)
    for name in STREAMS:
        link = store.links.get(name)
        if link is not None and impaired(link) and (not shown or link.reason != shown):
            return name
    return ""


def shown_reasons(store: Store) -> frozenset[Clean]:
    """Return the reasons that the API link and the workers panel show."""
    link = store.links.get(explained_stream(store))
    return frozenset({workers_reason(store), link.reason if link is not None else EMPTY} - {EMPTY})
