"""Changes of the store since they were last taken."""

from msgspec import Struct, field
from msgspec.structs import astuple

from eksview.domain.live.messages import TableKey


class Changes(Struct):
    """Keys touched since the last frame; a node is touched when the totals of its pods change.

    `tables` has the keys of every other table. `mapping` has the keys of the rows that join nodes
    and instances, and `mapping_members` is set when rows were added or removed there. `members` are
    the tables that gained or lost a row; `reset` means that the store was cleared first.
    """

    nodes: set[str] = field(default_factory=set)
    pods: set[str] = field(default_factory=set)
    leases: set[str] = field(default_factory=set)
    events: set[str] = field(default_factory=set)
    links: set[str] = field(default_factory=set)
    facts: set[str] = field(default_factory=set)
    tables: dict[TableKey, set[str]] = field(default_factory=dict)
    mapping: set[str] = field(default_factory=set)
    mapping_members: bool = False
    requests: set[str] = field(default_factory=set)
    members: set[TableKey] = field(default_factory=set)
    reset: bool = False

    def __bool__(self) -> bool:
        return any(astuple(self))
