"""The base of all readers of AWS. A call is declared where it is made, by `reads` or a table."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from functools import partial
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from eksview.aws.client.context import AwsContext
from eksview.aws.client.errors import Answer
from eksview.aws.client.throttled_client import PolledCall, ThrottledClient, batches
from eksview.aws.services.inventory import Inventory
from eksview.domain.aws.instance_tracker import InstanceTracker
from eksview.domain.join.belonging import WorkerTraits, workers_of
from eksview.domain.live.messages import Swap
from eksview.domain.rows.aws import AwsRow
from eksview.domain.rows.kube import Kind

MOST = 200  # values in a filter (EC2 API Reference, "Filter")
DETAIL = "detail"
"""The link of the calls that are made only when an instance is opened."""
ONCE = ""
"""Declares a call that belongs to no link: a command makes it once."""

DECLARED: dict[Callable[..., Any], PolledCall] = {}
"""Every call that eksview makes, by the method that makes it; docs/aws.md is made of it."""

Method = TypeVar("Method", bound=Callable[..., Awaitable[Any]])


def reads(
    link: str,
    *actions: str,
    essential: bool = False,
    every: int = 1,
    regular: bool = True,
    early: bool = False,
    part: str = "",
) -> Callable[[Method], Method]:
    """Declare the IAM actions that a method calls, its link, when it is polled, and its part.

    Without a name, the part is named by the first action.
    """

    def declare(method: Method) -> Method:
        DECLARED[method] = PolledCall(
            method,
            essential=essential,
            every=every,
            regular=regular,
            early=early,
            link=link,
            actions=actions,
            name=part,
        )
        return method

    return declare


class WatchedAccount(Struct, frozen=True):
    """The context that an account's readers share; `nudge` makes the EC2 link ask at once."""

    context: AwsContext
    inventory: Inventory
    tracker: InstanceTracker
    nudge: Callable[[], None]


class AwsReader:
    """A reader of rows or facts. The calls of a class are polled in the order of its methods."""

    def __init__(self, account: WatchedAccount) -> None:
        context = account.context
        self.account = account
        self.cluster = context.place.cluster
        self.sink = context.sink
        self.clock = context.clock
        self.inventory = account.inventory
        self.tracker = account.tracker

    def workers(self) -> WorkerTraits:
        """Return what the cluster's nodes have in common, as far as it was read."""
        cluster = self.inventory.cluster
        group = cluster.security_group if cluster else ""
        return workers_of(self.inventory.instances.values(), self.tracker.of_nodes(), group)

    def calls(self) -> Iterator[PolledCall]:
        """Yield the calls that this class declares."""
        return declared_by(self)


def declared_by(reader: object) -> Iterator[PolledCall]:
    """Yield the calls that the class of a reader declares, in the order of its methods."""
    for member in vars(type(reader)).values():
        if callable(member) and member in DECLARED:
            call = DECLARED[member]
            yield replace(call, ask=partial(call.ask, reader))


async def filtered(
    client: ThrottledClient,
    operation: str,
    name: str,
    values: Iterable[str],
    **arguments: Any,
) -> AsyncIterator[Answer]:
    """Yield the pages of an EC2 operation; an unknown id is no error in a filter."""
    for batch in batches(values, MOST):
        filters = [{"Name": name, "Values": batch}]
        async for answer in client.pages("ec2", operation, Filters=filters, **arguments):
            yield answer


def filtered_table(
    kind: Kind,
    operation: str,
    name: str,
    values: Callable[[Inventory], Iterable[str]],
    rows: Callable[[Answer], Iterable[AwsRow]],
    *,
    every: int = 1,
) -> Callable[[AwsReader, ThrottledClient], Awaitable[None]]:
    """Declare a table that one EC2 operation reads whole, filtered by ids of the inventory."""

    @reads(kind.link, f"ec2:{operation}", every=every)
    async def read(reader: AwsReader, client: ThrottledClient) -> None:
        pages = filtered(client, operation, name, values(reader.inventory))
        table = [row async for answer in pages for row in rows(answer)]
        reader.sink.send(Swap(kind, table))

    return read
