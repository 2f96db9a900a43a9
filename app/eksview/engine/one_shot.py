"""A store filled once, for the commands without a screen."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from time import time
from typing import Protocol

from eksview.domain.aws.poll_plan import (
    ACCESS,
    AUTOSCALING,
    EC2,
    ECS_PLANS,
    EKS,
    IMAGES,
    NETWORK,
    PLANS,
    STATUS,
)
from eksview.domain.base.clock import Clock
from eksview.domain.base.reading import value_of, why_unread
from eksview.domain.base.text import Clean, clean
from eksview.domain.join.mapping_row import RowKind
from eksview.domain.kube.provider_id import parse_provider_id
from eksview.domain.live.messages import Fanout, LinkState, Swap
from eksview.domain.live.polled import NODECLAIMS
from eksview.domain.resources.nodeclaims import RESOURCE as NODECLAIM_LIST
from eksview.domain.resources.nodes import RESOURCE as NODES
from eksview.domain.rows.kube import Kind, NodeRow
from eksview.domain.rows.link import Link, Phase
from eksview.kube.client.errors import RequestError
from eksview.kube.client.lists import ListClient, list_rows
from eksview.kube.poll.polled_resources import list_once
from eksview.store.applier import apply
from eksview.store.selectors.machine import unread_of_doubt
from eksview.store.store import Store

_ALL_PLANS = PLANS | ECS_PLANS
LIMIT = 45.0  # seconds for all AWS calls; a slow API answers in thirty
RETRY_TIME = 5.0  # seconds in which a failed call may still succeed
SILENT = "AWS didn't answer in time: check the network, VPN and proxies."
SLOW = "AWS answered, but not to {actions} within {limit:.0f} s: try again."
COLUMN_LINKS = (STATUS, AUTOSCALING, IMAGES)  # fill columns; EC2 alone decides the rows

CHECK_LINKS = (EKS, ACCESS, NETWORK)
"""The links of the join checks, which tell whether an instance without a node failed to join."""


class Source(Protocol):
    """The part of an `AwsSource` that a single reading needs."""

    def start(self) -> None: ...

    async def stop(self) -> None: ...


class OneShotStore:
    """A store that is filled on the same loop, with an event for changes of its links."""

    def __init__(self) -> None:
        self.store = Store()
        self.link_changed = asyncio.Event()
        self.messages = Fanout()
        self.messages.subscribe(lambda message: apply(self.store, message))
        self.messages.subscribe(lambda _: self.link_changed.set(), LinkState)


async def read_joined(
    connection: ListClient,
    aws: Callable[[Fanout], Source],
    clock: Clock = time,
    limit: float = LIMIT,
    more: Callable[[OneShotStore], Awaitable[None]] | None = None,
) -> Store:
    """Return a store with nodes and instances; raises `UserError` if nodes can't be listed.

    `more` reads what else is wanted once they are joined, while the source still runs.

    The store's links hold what AWS refused or didn't answer in time; rows that depend on it are
    UNKNOWN. A cluster that isn't on AWS doesn't wait for AWS.
    """
    reader = OneShotStore()
    store, messages = reader.store, reader.messages
    source = aws(messages)
    nodes = await list_rows(connection, NODES)
    source.start()
    messages.send(Swap(Kind.NODE, nodes))
    messages.send(LinkState(Link("nodes", Phase.LIVE, clock(), heard=clock())))
    await _read_claims(connection, messages, clock)
    try:
        async with asyncio.timeout(limit):
            await wait_settled(reader, clock, (EC2, *COLUMN_LINKS, *_links_of_matching(nodes)))
            complete(store)
            if any(row.doubt for row in store.mapping.rows.values()):
                await wait_settled(reader, clock, CHECK_LINKS)
            if more is not None:
                await more(reader)
    except TimeoutError:
        pass  # the links hold what is missing
    finally:
        await source.stop()
    complete(store)
    return store


def complete(store: Store) -> None:
    """Judge the join with what has been read, as far as EC2 has answered."""
    if _answered(store, EC2):
        store.mapping.complete()


async def _read_claims(connection: ListClient, messages: Fanout, clock: Clock) -> None:
    """Send the NodeClaims, or why they couldn't be read; a cluster may have none of this API."""
    try:
        rows = await list_once(connection, NODECLAIM_LIST)
    except RequestError as failed:
        phase = Phase.REFUSED if failed.failure.status == 403 else Phase.RETRYING
        messages.send(LinkState(Link(NODECLAIMS, phase, clock(), failed.sentence)))
        return
    if rows is None:
        messages.send(LinkState(Link(NODECLAIMS, Phase.OFF, clock())))
        return
    messages.send(Swap(Kind.NODECLAIM, rows))
    messages.send(LinkState(Link(NODECLAIMS, Phase.LIVE, clock(), heard=clock())))


def _links_of_matching(nodes: Sequence[NodeRow]) -> tuple[str, ...]:
    """Return the link of the cluster's VPC where a node may be matched by its address."""
    wheres = {parse_provider_id(node.provider_id).where for node in nodes}
    return (EKS,) if wheres & {"none", "malformed"} else ()


def unread_reasons(store: Store) -> tuple[str, ...]:
    """Return a sentence for each AWS link that should have been read but wasn't.

    With an instance in doubt, also for each part that may tell why it has no node.
    """
    links = [store.links.get(name) for name in (EC2, *COLUMN_LINKS)]
    names: Sequence[str] = (EC2, *COLUMN_LINKS)
    claims = store.links.get(NODECLAIMS)
    if not any(row.kind is RowKind.UNKNOWN for row in store.mapping.rows.values()):
        links = [link for link in links if link is not None and link.phase is not Phase.OFF]
        names = [link.name for link in links if link is not None]
    mismatch = store.mapping.mismatch
    reasons: list[str] = [mismatch.reason if mismatch else ""]
    reasons += [link.reason for link in links if link is not None]
    if any(row.doubt for row in store.mapping.rows.values()):
        reasons += unread_of_doubt(store)
    if not _answered(store, EC2) and not _is_late(store.links.get(EC2)):
        names = (EC2,)  # the column links had nothing to ask about
    if late := [name for name in names if _is_late(store.links.get(name))]:
        reasons.append(_late(store, late))
    if claims is not None:
        reasons.append(claims.reason)
    reasons.append(_unlisted(store))
    return tuple(dict.fromkeys(filter(None, reasons)))


def _unlisted(store: Store) -> str:
    """Return why instances without a node aren't listed: they are found by the cluster's tags."""
    ec2, link = store.links.get(EC2), store.links.get(EKS)
    if not store.mapping.rows and ec2 is not None and ec2.phase is Phase.OFF:
        return ec2.reason
    on_aws = any(row.kind is not RowKind.NOT_EC2 for row in store.mapping.rows.values())
    off = link is not None and link.phase is Phase.OFF and bool(link.reason)
    if link is None or not off or not _answered(store, EC2) or not (on_aws or not store.nodes):
        return ""
    return f"Instances without a node aren't listed. {link.reason}"


def _is_late(link: Link | None) -> bool:
    """Return whether a link has neither an answer nor a reason."""
    return link is None or (link.heard is None and not link.reason)


def late_reasons(store: Store, names: Sequence[str]) -> tuple[Clean, ...]:
    """Return the sentence for those of the links that have neither an answer nor a reason."""
    late = [name for name in names if _is_late(store.links.get(name))]
    return (clean(_late(store, late)),) if late else ()


def _late(store: Store, names: Sequence[str]) -> str:
    """Return the sentence for links without an answer: the network is in doubt if all are."""
    answered = value_of(store.facts.aws_identity) is not None
    answered = answered or any(link.heard is not None for link in _aws_links(store))
    if not answered:
        return SILENT
    actions = ", ".join(_ALL_PLANS[name].action for name in names)
    return SLOW.format(actions=actions, limit=LIMIT)


def _aws_links(store: Store) -> list[Link]:
    return [link for name, link in store.links.items() if name in _ALL_PLANS]


async def wait_settled(reader: OneShotStore, clock: Clock, names: Sequence[str]) -> None:
    """Wait until each of these links has an answer or a lasting failure."""
    while not all(_settled(reader.store, name, clock()) for name in names):
        reader.link_changed.clear()
        try:
            async with asyncio.timeout(1.0):  # a retrying link sends nothing in between
                await reader.link_changed.wait()
        except TimeoutError:
            pass


def _settled(store: Store, name: str, now: float) -> bool:
    link = store.links.get(name)
    if link is None:
        return False
    if link.heard is not None or link.phase in (Phase.REFUSED, Phase.OFF):
        return True
    retried = _needs_login(store, link) or now - link.since >= RETRY_TIME
    if link.phase is Phase.RETRYING and retried and not _throttled(store, link):
        return True
    # The column links ask about instances: without EC2 they have nothing to read.
    return name in COLUMN_LINKS and not _answered(store, EC2) and _settled(store, EC2, now)


def _throttled(store: Store, link: Link) -> bool:
    """Return whether a link waits because AWS throttles it, which passes: the limit ends that."""
    call = value_of(store.facts.call(link.name))
    # The link enters its phase right after it was throttled.
    return call is not None and (call.throttled or 0.0) >= link.since - 1.0


def _needs_login(store: Store, link: Link) -> bool:
    """Return whether a link waits for credentials, which only a login would provide."""
    reason = why_unread(store.facts.aws_identity)
    return bool(reason) and reason == link.reason


def _answered(store: Store, name: str) -> bool:
    link = store.links.get(name)
    return link is not None and link.heard is not None
