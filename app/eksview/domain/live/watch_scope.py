"""What is followed of a cluster, and what is read only while somebody looks at it."""

from enum import StrEnum
from math import inf

from eksview.domain.rows.kube import Kind

MOST_PODS = 250_000
"""Pods that are followed unless all are asked for: two thirds more than Kubernetes is made for."""


class WatchScope(StrEnum):
    """How much is followed."""

    FITTING = "fitting"  # everything, up to MOST_PODS pods
    ALL = "all"  # everything, however much it is
    NODES = "nodes"  # nodes, their leases and the events about them


def most_pods(watch: WatchScope) -> float:
    """How many pods are followed; of a cluster that has more, those of the nodes that are open."""
    return {WatchScope.FITTING: MOST_PODS, WatchScope.ALL: inf, WatchScope.NODES: 0}[watch]


def why_apart(watch: WatchScope, announced: int | None = None) -> str:
    """Why pods aren't followed, and what to do; `announced` is what the server says there are."""
    if watch is WatchScope.NODES:
        return "Pods aren't followed, as --watch nodes asks: open a node to see its pods."
    count = f"more than {MOST_PODS:,}" if announced is None else f"{announced:,}"
    return (
        f"Pods aren't followed: there are {count}, and eksview follows {MOST_PODS:,} at most. "
        "Open a node to see its pods, or start with --watch all."
    )


def link_of_pods(node: str) -> str:
    """The name of the link by which the pods of one node come while it is open."""
    return f"{Kind.POD.value}/{node}"
