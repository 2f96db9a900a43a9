"""How large and how lively a demo cluster is."""

from pathlib import Path

from msgspec import Struct


class DemoOptions(Struct, frozen=True):
    """`churn`: changes a second over all resources, heartbeats included. `port` 0: a free one.

    `role`: whose rights the current context has: admin, viewer or nobody. `state` keeps
    certificates and tokens, so that a restarted server is the same to its clients.
    `ecs_instances`: container instances of the ECS cluster `shop`.
    """

    nodes: int = 10
    pods: int = 80
    churn: float = 6.0
    seed: int = 0
    port: int = 0
    state: Path | None = None
    role: str = "admin"
    ecs_instances: int = 6
