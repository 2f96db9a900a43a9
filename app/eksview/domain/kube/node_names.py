"""The domain that the names of a cluster's nodes share, which short names leave out."""

import re
from collections.abc import Iterable, Mapping
from itertools import takewhile

from eksview.domain.base.text import clean

_EC2 = re.compile(r"\.(?:ec2|[a-z0-9-]+\.compute)\.internal$")
"""Private DNS of EC2, "Amazon EC2 instance hostnames": in us-east-1, and in other regions."""


def shared_domain(names: Iterable[str]) -> str:
    """Return what all names end in, such as `.us-west-2.compute.internal`; empty for nothing.

    It is of whole labels, and every name keeps one at least. Names without a dot, such as the
    instance IDs of Auto Mode, have no domain and don't count, unless one of them is the short name
    of another node. A name alone shares nothing: only EC2's own domain is left out of it.
    """
    every = set(names)
    dotted = [name for name in every if "." in name]
    if len(dotted) == 1:
        match = _EC2.search(dotted[0])
        domain = match[0] if match else ""
    else:
        domain = _ending(dotted)
    short = {name.removesuffix(domain) for name in dotted}
    return "" if short & (every - set(dotted)) else domain


def _ending(names: list[str]) -> str:
    """Return the labels that all names end in, with the dot before them."""
    backward = [name[::-1] for name in names]
    # All texts begin with what the first and the last of them, in order, have in common.
    pairs = zip(min(backward, default=""), max(backward, default=""), strict=False)
    same = takewhile(lambda pair: pair[0] == pair[1], pairs)
    _, dot, labels = "".join(left for left, _ in same)[::-1].partition(".")
    last = labels.rpartition(".")[2]
    return f"{dot}{labels}" if labels and not last.isdecimal() else ""  # not of IP addresses


class NodeNames:
    """The names of the nodes of a table, whose shared domain is found once per set of names."""

    def __init__(self, nodes: Mapping[str, object]) -> None:
        self._nodes = nodes
        self._domain: str | None = None

    def index(self, old: object, new: object) -> None:
        """Find the domain again, for a node that was added or removed: one of both is None."""
        if old is None or new is None:
            self._domain = None

    def clear(self) -> None:
        """Find the domain again, for other nodes."""
        self._domain = None

    @property
    def domain(self) -> str:
        """The domain that all nodes share, with its dot, clean; empty for none."""
        if self._domain is None:
            self._domain = clean(shared_domain(self._nodes))
        return self._domain

    def short(self, name: str) -> str:
        """Return a node's name without the shared domain, clean."""
        return clean(name).removesuffix(self.domain)
