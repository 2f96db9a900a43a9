"""The values of the chapter about the control plane and the workers."""

from collections.abc import Sequence

from eksview.domain.base.health import Health
from eksview.domain.control_plane.components import Component
from eksview.domain.explain.value import LiveValue, Values
from eksview.domain.kube.node_status import is_ready
from eksview.domain.rows.kube import NodeRow, PodRow
from eksview.store.selectors.explain.live import (
    confirmed,
    count_now,
    live,
    read_text,
    row_count,
    rows_now,
)
from eksview.store.selectors.explain.source import ExplainSource
from eksview.store.store import Store

_COMPONENTS = {
    "kube-apiserver": "apiserver",
    "etcd": "etcd",
    "kube-scheduler": "scheduler",
    "kube-controller-manager": "controllers",
}


def planes(source: ExplainSource) -> Values:
    """Return the versions, counts and health of both halves of the cluster."""
    store = source.store
    nodes = rows_now(store, NodeRow)
    return {
        "version": live(confirmed(store, store.facts.version), lambda version: version.git),
        "nodes": row_count(nodes),
        "ready": live(nodes, _ready),
        "pods": count_now(store, PodRow),
        **{
            _COMPONENTS[each.name]: _component(each, store)
            for each in source.overview.components(source.now)
            if each.name in _COMPONENTS
        },
    }


def _ready(rows: Sequence[NodeRow]) -> LiveValue:
    ready = sum(map(is_ready, rows))
    return read_text(f"{ready:,}", None, Health.OK if ready == len(rows) else Health.BAD)


def _component(component: Component, store: Store) -> LiveValue:
    """Return what is visible of a component; nothing is known of one without evidence."""
    if component.health is Health.UNKNOWN:
        return LiveValue(
            health=Health.UNKNOWN,
            reason=component.why_unseen,
            unread="refused" if component.hidden else "failed",
        )
    probe = store.facts.probes().get("readyz")
    word = f"health-{component.health}"
    return LiveValue(at=probe.at if probe else None, health=component.health, word=word)
