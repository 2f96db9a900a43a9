"""The cluster as a whole, read from the store: its flavour and its control plane."""

from eksview.domain.base.reading import value_of
from eksview.domain.control_plane.components import Component, components
from eksview.domain.control_plane.distribution import PROOFS, UNKNOWN, Distribution, flavour
from eksview.domain.control_plane.evidence import Evidence
from eksview.domain.live.trust import HEALTH, Trust, trust
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Phase
from eksview.domain.rows.server import Identity, ServerVersion, Target
from eksview.store.changes import Changes
from eksview.store.store import Store


class Overview:
    """Asks the domain what the store's facts mean; remembers what only rarely changes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._flavour: Distribution = UNKNOWN

    def observe(self, changes: Changes, *, full: bool = False) -> None:
        """Look again at who runs the cluster, when that may have changed."""
        told = full or changes.reset or PROOFS & changes.facts
        if told or Kind.NODE in changes.members:
            server = self.target.server if self.target else ""
            self._flavour = flavour(self.version, server, self._store.nodes.values())

    @property
    def flavour(self) -> Distribution:
        """Who runs the control plane."""
        return self._flavour

    @property
    def version(self) -> ServerVersion | None:
        """What `/version` said, if it was read."""
        return value_of(self._store.facts.version)

    @property
    def target(self) -> Target | None:
        """What the kubeconfig points at."""
        return value_of(self._store.facts.target)

    @property
    def identity(self) -> Identity | None:
        """Who the API server says we are."""
        return value_of(self._store.facts.identity)

    def trust(self, kind: Kind) -> Trust:
        """How far a stream's table can be trusted right now."""
        links = self._store.links
        return trust(links.get(kind.value), links.get(HEALTH))

    def phase(self, kind: Kind) -> Phase | None:
        """Where a stream is; None before it was begun."""
        link = self._store.links.get(kind.value)
        return None if link is None else link.phase

    def components(self, now: float) -> tuple[Component, ...]:
        """The control plane, judged by what can be seen of it."""
        store = self._store
        return components(
            Evidence(
                now=now,
                probes=store.facts.probes(),
                leases=store.system_leases(),
                static_pods=store.static_pods(),
                version=self.version,
                flavour=self._flavour,
            )
        )
