"""A node's life so far, as a timeline: from the launch of its instance to its latest heartbeat."""

from collections.abc import Iterable
from typing import Literal, TypeAlias

from msgspec import Struct

from eksview.domain.aws_rows import InstanceRow
from eksview.domain.rows import ClaimRow, EventRow, LeaseRow, NodeRow

StepState: TypeAlias = Literal["done", "waiting", "stopped", "unknown"]


class Step(Struct, frozen=True):
    """One station. `stopped` is where the life ended or hangs; `unknown`: no evidence either way.

    `took` is the seconds since the last station before it that has a time.
    """

    label: str
    at: float | None
    took: float | None
    state: StepState
    evidence: str


def timeline(
    node: NodeRow | None,
    instance: InstanceRow | None,
    lease: LeaseRow | None,
    claim: ClaimRow | None,
    events: Iterable[EventRow],
    now: float,
) -> tuple[Step, ...]:
    """Claim (if any), instance launched, kubelet started, node registered, Ready, heartbeats."""
    raise NotImplementedError
