"""The cluster as a whole, read from the store: its distribution and its control plane."""

from eksview.domain.base.reading import value_of
from eksview.domain.base.text import EMPTY, Clean
from eksview.domain.control_plane.components import Component, components
from eksview.domain.control_plane.distribution import (
    EVIDENCE_FACTS,
    UNKNOWN,
    Distribution,
    distribution_of,
)
from eksview.domain.control_plane.evidence import Evidence
from eksview.domain.live.trust import HEALTH, Trust, trust, why_unopened
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Phase
from eksview.domain.rows.server import Identity, ServerVersion, Target
from eksview.store.changes import Changes
from eksview.store.store import Store

UNOPENED = Clean("there is no Kubernetes cluster")


class Overview:
    """A view of the store's facts; it keeps the distribution, which rarely changes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._distribution: Distribution = UNKNOWN

    def observe(self, changes: Changes, *, full: bool = False) -> None:
        """Determine the distribution again when it may have changed."""
        members = Kind.NODE in changes.members
        if full or changes.reset or members or EVIDENCE_FACTS & changes.facts:
            server = self.target.server if self.target else ""
            self._distribution = distribution_of(self.version, server, self._store.nodes.values())

    @property
    def distribution(self) -> Distribution:
        """The distribution, which tells who runs the control plane."""
        return self._distribution

    @property
    def version(self) -> ServerVersion | None:
        """The answer of `/version`, if it was read."""
        return value_of(self._store.facts.version)

    @property
    def target(self) -> Target | None:
        """The cluster of the kubeconfig."""
        return value_of(self._store.facts.target)

    @property
    def identity(self) -> Identity | None:
        """The user as the API server knows it."""
        return value_of(self._store.facts.identity)

    def trust(self, kind: Kind) -> Trust:
        """Return how far a stream's table can be trusted now."""
        links = self._store.links
        return trust(links.get(kind.value), links.get(HEALTH))

    def stale_for(self, kind: Kind, now: float) -> float:
        """Return the seconds since a stream's table was last confirmed."""
        links = self._store.links
        stream = links.get(kind.value)
        if stream is not None and stream.every and stream.heard is not None:
            return max(0.0, now - stream.heard)  # no answer of the probe confirms it
        heard = [links[name].heard for name in (kind.value, HEALTH) if name in links]
        return max(0.0, now - max((at or 0.0 for at in heard), default=now))

    def phase(self, kind: Kind) -> Phase | None:
        """Return the phase of a stream; None before it started."""
        link = self._store.links.get(kind.value)
        return None if link is None else link.phase

    def components(self, now: float) -> tuple[Component, ...]:
        """Return the control plane's components, judged by what is visible of them."""
        store = self._store
        return components(
            Evidence(
                now=now,
                probes=store.facts.probes(),
                leases=store.system_leases(),
                static_pods=store.static_pods(),
                version=self.version,
                distribution=self._distribution,
                unopened=UNOPENED if why_unopened(store.links) else EMPTY,
            )
        )
