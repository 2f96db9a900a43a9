"""What changed since somebody last asked."""

from msgspec import Struct, field

from eksview.domain.rows.kube import Kind


class Changes(Struct):
    """Keys touched since the last frame; a node counts as touched when its pods' sums moved.

    `others` has the keys of every other table. `mapping` has the keys of the rows that tie nodes to
    instances, and `mapping_members` says that there are more or fewer of them. `members` names the
    tables that gained or lost a row; `reset` says that everything was forgotten before the rest
    happened.
    """

    nodes: set[str] = field(default_factory=set)
    pods: set[str] = field(default_factory=set)
    leases: set[str] = field(default_factory=set)
    events: set[str] = field(default_factory=set)
    links: set[str] = field(default_factory=set)
    facts: set[str] = field(default_factory=set)
    others: dict[Kind, set[str]] = field(default_factory=dict)
    mapping: set[str] = field(default_factory=set)
    mapping_members: bool = False
    requests: set[str] = field(default_factory=set)
    members: set[Kind] = field(default_factory=set)
    reset: bool = False

    def __bool__(self) -> bool:
        return bool(
            self.nodes
            or self.pods
            or self.leases
            or self.events
            or self.links
            or self.facts
            or self.others
            or self.mapping
            or self.mapping_members
            or self.requests
            or self.members
            or self.reset
        )
