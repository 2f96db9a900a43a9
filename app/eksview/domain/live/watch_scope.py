"""The scope of the watches: all pods, or only those of open nodes."""

from collections.abc import Sequence
from enum import StrEnum
from math import inf

from eksview.domain.base.text import Clean, clean
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Link

MOST_PODS = 250_000
"""Pods that are watched without --watch all: two thirds above the limit of Kubernetes."""


MOST_OBJECTS = 100_000
"""Objects of a table of the server that are followed; each takes about a kilobyte."""

NAMED = 4
"""Namespaces that are named where only some are watched."""


class WatchScope(StrEnum):
    """The scope as --watch names it."""

    FITTING = "fitting"  # everything, up to MOST_PODS pods
    ALL = "all"  # everything
    NODES = "nodes"  # nodes, their leases and the events about them


def most_pods(watch: WatchScope) -> float:
    """Return the most pods to watch; beyond that, only pods of open nodes are watched."""
    return {WatchScope.FITTING: MOST_PODS, WatchScope.ALL: inf, WatchScope.NODES: 0}[watch]


def unwatched_reason(watch: WatchScope, announced: int | None = None) -> Clean:
    """Return why pods aren't watched and what to do; `announced` is the server's count of pods."""
    if watch is WatchScope.NODES:
        return Clean("Pods aren't watched because of --watch nodes. Open a node to see its pods.")
    count = f"more than {MOST_PODS:,}" if announced is None else f"{announced:,}"
    return clean(
        f"Pods aren't watched because there are {count}, and eksview watches {MOST_PODS:,} at "
        "most. Open a node to see its pods, or start with --watch all."
    )


def named_in_short(namespaces: Sequence[str]) -> Clean:
    """Return `a, b, c, d and 3 more`."""
    more = len(namespaces) - NAMED
    rest = f" and {more} more" if more > 0 else ""
    return clean(", ".join(namespaces[:NAMED]) + rest)


def only_text(link: Link | None) -> str:
    """Return which namespaces are read where all are refused; empty where all are read."""
    if link is None or not link.only:
        return ""
    several = "s" if "," in link.only else ""
    name = link.name.partition("/")[0]
    return f"{name} of namespace{several} {link.only} only: listing all is refused"


def most_objects_reason(resource: str, announced: int | None) -> Clean:
    """Return why a table isn't followed, and what to do; `announced` is the server's count."""
    count = f"more than {MOST_OBJECTS:,}" if announced is None else f"{announced:,}"
    return clean(
        f"There are {count} {resource}, and eksview shows {MOST_OBJECTS:,} at most: choose a "
        "namespace."
    )


def link_of_pods(node: str) -> str:
    """Return the name of the link for the pods of one open node."""
    return f"{Kind.POD.value}/{node}"
