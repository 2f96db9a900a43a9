"""Nodes and their EC2 instances, read once and joined."""

import asyncio
from collections.abc import Callable, Sequence
from time import time
from typing import Protocol

from eksview.domain.aws.poll_plan import AUTOSCALING, EC2, IMAGES, STATUS
from eksview.domain.base.clock import Clock
from eksview.domain.base.reading import why_unread
from eksview.domain.join.node_instance import RowKind
from eksview.domain.kube.api_types import decode_list
from eksview.domain.kube.to_rows import row_of
from eksview.domain.live.messages import Fanout, LinkState, Swap
from eksview.domain.rows.kube import Kind, NodeRow
from eksview.domain.rows.link import Link, Phase
from eksview.store.applier import apply
from eksview.store.store import Store

PAGE = 500
LIMIT = 45.0  # seconds for all of AWS; a slow API answers in thirty
AGAIN = 5.0  # seconds in which what went wrong once may still come right
SILENT = "AWS didn't answer in time: check the network, VPN and proxies."
COLUMNS_OF = (STATUS, AUTOSCALING, IMAGES)
"""The links that fill columns; EC2 itself decides about rows."""


class LinkSource(Protocol):
    """What is needed of a connection to the API server."""

    async def get_bytes(self, path: str, query: dict[str, str] | None = None) -> bytes:
        """The body of an answer; `Problem` where there is none."""


class AwsHalf(Protocol):
    """What is needed of an `AwsSide`."""

    def start(self) -> None:
        """Begin; returns at once."""

    async def stop(self) -> None:
        """Let go of everything."""


class Gathering:
    """A store filled on the same loop, and an event for every link's new state."""

    def __init__(self) -> None:
        self.store = Store()
        self.link_changed = asyncio.Event()
        self.messages = Fanout()
        self.messages.subscribe(lambda message: apply(self.store, message))
        self.messages.subscribe(lambda _: self.link_changed.set(), LinkState)


async def joined(
    connection: LinkSource,
    aws: Callable[[Fanout], AwsHalf],
    clock: Clock = time,
    limit: float = LIMIT,
) -> Store:
    """The store with both sides in it; `Problem` when the nodes can't be listed.

    What AWS refused or didn't answer in time is in the store's links, and rows that depend on it
    are UNREAD. AWS isn't waited for where nothing leads there.
    """
    gathering = Gathering()
    store, messages = gathering.store, gathering.messages
    half = aws(messages)
    nodes = await _nodes(connection)
    half.start()
    messages.send(Swap(Kind.NODE, nodes))
    messages.send(LinkState(Link("nodes", Phase.LIVE, clock(), heard=clock())))
    try:
        async with asyncio.timeout(limit):
            await settled(gathering, clock, (EC2, *COLUMNS_OF))
    except TimeoutError:
        pass  # each link says how far it came
    finally:
        await half.stop()
    if _heard(store, EC2):
        store.mapping.complete()
    return store


def complaints(store: Store) -> tuple[str, ...]:
    """A sentence for each AWS link that was to be had and wasn't; none where nothing needs AWS."""
    links = [store.links.get(name) for name in (EC2, *COLUMNS_OF)]
    if not any(row.kind is RowKind.UNREAD for row in store.mapping.rows.values()):
        links = [link for link in links if link is not None and link.phase is not Phase.OFF]
    said = [_complaint(link) for link in links]
    return tuple(dict.fromkeys(each for each in said if each))


def _complaint(link: Link | None) -> str:
    if link is not None and (link.heard is not None or link.why):
        return link.why
    return SILENT


async def _nodes(connection: LinkSource) -> list[NodeRow]:
    rows: list[NodeRow] = []
    query = {"limit": str(PAGE)}
    while True:
        page = decode_list(Kind.NODE, await connection.get_bytes("/api/v1/nodes", query))
        rows += [row_of(Kind.NODE, item) for item in page.items or ()]  # type: ignore[misc]
        if not page.metadata.continue_:
            return rows
        query["continue"] = page.metadata.continue_


async def settled(gathering: Gathering, clock: Clock, names: Sequence[str]) -> None:
    """Until each of these links has answered, or has said why it doesn't."""
    while not all(_done(gathering.store, name, clock()) for name in names):
        gathering.link_changed.clear()
        try:
            async with asyncio.timeout(1.0):  # what retries says nothing meanwhile
                await gathering.link_changed.wait()
        except TimeoutError:
            pass


def _done(store: Store, name: str, now: float) -> bool:
    link = store.links.get(name)
    if link is None:
        return False
    if link.heard is not None or link.phase in (Phase.REFUSED, Phase.OFF):
        return True
    if link.phase is Phase.RETRYING and (_shut_out(store, link) or now - link.since >= AGAIN):
        return True
    return name in COLUMNS_OF and _given_up(store, now)


def _shut_out(store: Store, link: Link) -> bool:
    """Whether it waits for credentials: there will be none before somebody logs in."""
    why = why_unread(store.facts.aws_identity)
    return bool(why) and why == link.why


def _given_up(store: Store, now: float) -> bool:
    """The other links ask about instances: without EC2 there is nothing to wait for."""
    return not _heard(store, EC2) and _done(store, EC2, now)


def _heard(store: Store, name: str) -> bool:
    link = store.links.get(name)
    return link is not None and link.heard is not None
