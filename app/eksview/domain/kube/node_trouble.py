"""The worst trouble of a node: what it is, since when, and the cause as far as it is reported."""

from msgspec import Struct

from eksview.domain.base.health import Health
from eksview.domain.kube.node_status import (
    headline,
    heartbeat_health,
    node_health,
    ready_condition,
    trouble_of,
)
from eksview.domain.rows.kube import Condition, LeaseRow, NodeRow


class Trouble(Struct, frozen=True):
    """A problem of a node or an instance; `since` is None where nothing reports it."""

    name: str
    health: Health
    word: str
    cause: str = ""
    since: float | None = None


def node_trouble(row: NodeRow, lease: LeaseRow | None, now: float) -> Trouble:
    """Return the trouble that a node's headline names."""
    word, health = headline(row, lease, now), node_health(row, lease, now)
    beat = heartbeat_health(lease, now)
    if word == "NotReady" and (ready := ready_condition(row)) is not None:
        return Trouble(row.name, health, word, _reported(ready), ready.transition)
    if lease is not None and beat is not Health.OK and word.endswith("heartbeat"):
        return Trouble(row.name, health, word, "the kubelet has renewed no lease", lease.renewed)
    if word == "Deleting":
        return Trouble(row.name, health, word, "waits for its finalizers", row.deleted)
    if word == "Cordoned":
        return Trouble(row.name, health, word, "no new pods are scheduled here")
    condition = next((each for each in row.conditions if trouble_of(each) == word), None)
    if condition is None:
        return Trouble(row.name, health, word)
    return Trouble(row.name, health, word, _reported(condition), condition.transition)


def _reported(condition: Condition) -> str:
    """Return the sentence of a condition, or its reason in a word without one."""
    return condition.message or condition.reason
