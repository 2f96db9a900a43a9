"""The tab of a node that shows how it reports."""

from collections.abc import Iterator
from typing import Any

from eksview.domain.base.reading import value_of
from eksview.domain.kube.kubelet import Heartbeats, document_of, is_of
from eksview.domain.live.polled import SIGNING
from eksview.domain.rows.kube import Kind, SigningRow
from eksview.domain.rows.link import Phase
from eksview.ui.base.lazy_fetch import Fetch
from eksview.ui.base.tab_line import Tab
from eksview.ui.base.view import View
from eksview.ui.nodes.kubelet import Reporting, kubelet_lines
from eksview.ui.text.words import Words

KUBELET = Tab("kubelet", "u", "Kubelet")
PERIOD = 600.0
"""Seconds after which the configuration, which hardly ever changes, is asked for again."""


class KubeletTab:
    """Heartbeats are counted from when the node was opened; the configuration is asked for."""

    tabs = (KUBELET,)

    def __init__(self, view: View, node: str) -> None:
        self._view = view
        self._node = node
        self._beats = Heartbeats()
        self._fetch: Fetch[Any] = Fetch(self._ask, view.clock, period=PERIOD)

    def look(self, tab: str) -> bool:
        """Count the heartbeat; True when the configuration is to be asked for now."""
        lease = self._view.store.lease_of(self._node)
        self._beats.note(lease.renewed if lease else None)
        return tab == KUBELET.id and self._fetch.due(self)

    async def ask(self) -> None:
        """Ask the kubelet, through the API server."""
        await self._fetch.ask(self)

    def lines(self, tab: str, now: float, width: int) -> Iterator[Words]:  # noqa: ARG002 - it has one
        """What the tab says."""
        store, found = self._view.store, self._fetch.found
        version = value_of(store.facts.version)
        said = Reporting(
            lease=store.lease_of(self._node),
            beats=self._beats,
            config=None if found is None else document_of(found),
            problem=self._fetch.problem,
            requests=[each for each in self._requests() if is_of(each.user, self._node)],
            unread=self._unread(),
            server=version.git if version else "",
        )
        return kubelet_lines(said, now, width, self._view.glyphs)

    def _requests(self) -> Iterator[SigningRow]:
        for row in self._view.store.table(Kind.SIGNING).values():
            if isinstance(row, SigningRow):
                yield row

    def _unread(self) -> str:
        link = self._view.store.links.get(SIGNING)
        if link is not None and link.phase is Phase.LIVE:
            return ""
        return (link.why if link else "") or "They haven't been read yet."

    async def _ask(self) -> dict[str, Any]:
        return await self._view.backend.configz(self._node)
