"""The protocol between the player of scripts and the scripts."""

from typing import Protocol

from eksview_demo.cluster.cluster import DemoCluster
from eksview_demo.cluster.nodes.node_state import NodeState
from eksview_demo.life.pod_scripts import Script


class Player(Protocol):
    """The part of `Life` that scripts use."""

    cluster: DemoCluster

    def begin(self, script: Script, after: float = 0.0) -> None: ...

    def follow(self, node: NodeState, first: float = 10.0) -> None: ...

    def welcome(self, key: str) -> None: ...
