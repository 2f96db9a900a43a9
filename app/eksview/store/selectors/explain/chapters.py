"""The values of each chapter of Explain, by its id."""

from collections.abc import Callable, Mapping

from eksview.domain.explain.value import Absent, ChapterValues
from eksview.store.selectors.explain.access import (
    authentication,
    authorization,
    authorization_variant,
    credential_variant,
    iam,
)
from eksview.store.selectors.explain.cluster import (
    is_eks,
    not_eks,
    without_aws,
    without_kubernetes,
    without_nodes,
)
from eksview.store.selectors.explain.ecs import ecs
from eksview.store.selectors.explain.joining import heartbeats, joining
from eksview.store.selectors.explain.managed import managed
from eksview.store.selectors.explain.network import network
from eksview.store.selectors.explain.planes import planes
from eksview.store.selectors.explain.request import request
from eksview.store.selectors.explain.source import ExplainSource


def chapter_values(source: ExplainSource, chapter: str) -> ChapterValues | Absent:
    """Return the values of a chapter, or why it doesn't apply to this cluster."""
    absent = _absent(source, chapter)
    return _READERS[chapter](source) if absent is None else absent


def _absent(source: ExplainSource, chapter: str) -> Absent | None:
    """Return the first reason for which a chapter doesn't apply; None where it does."""
    store = source.store
    if chapter == "ecs":
        return without_aws(store)
    if absent := without_kubernetes(store):
        return absent
    if chapter in ("managed", "iam"):
        return not_eks(source) or (without_aws(store) if chapter == "managed" else None)
    return without_nodes(store) if chapter in ("joining", "heartbeats") else None


def _by_distribution(source: ExplainSource) -> str:
    return "eks" if is_eks(source) else ""


_READERS: Mapping[str, Callable[[ExplainSource], ChapterValues]] = {
    "planes": lambda source: ChapterValues(planes(source), _by_distribution(source)),
    "request": lambda source: ChapterValues(request(source)),
    "managed": lambda source: ChapterValues(managed(source)),
    "joining": lambda source: ChapterValues(joining(source), _by_distribution(source)),
    "authentication": lambda source: ChapterValues(
        authentication(source), credential_variant(source.store)
    ),
    "authorization": lambda source: ChapterValues(
        authorization(source), authorization_variant(source.store)
    ),
    "heartbeats": lambda source: ChapterValues(heartbeats(source)),
    "network": lambda source: ChapterValues(network(source), _by_distribution(source)),
    "iam": lambda source: ChapterValues(iam(source)),
    "ecs": lambda source: ChapterValues(ecs(source)),
    "commands": lambda source: ChapterValues({"node": joining(source)["node"]}),
}
