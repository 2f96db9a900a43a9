"""The base of the readers of ECS, and lists whose items are described in batches."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence

from msgspec import Struct

from eksview.aws.client.context import AwsContext
from eksview.aws.client.errors import Answer
from eksview.aws.client.throttled_client import CallRefused, PolledCall, ThrottledClient, batches
from eksview.aws.ecs.inventory import EcsInventory
from eksview.aws.services.inventory import Incomplete, NothingToAsk
from eksview.aws.services.reader import declared_by
from eksview.domain.base.text import Clean, clean
from eksview.domain.live.messages import Swap
from eksview.domain.rows.aws import AwsRow
from eksview.domain.rows.kube import Kind

LISTED = 100  # ARNs in one page of a list, the most (Amazon ECS API Reference)
AGAIN = 30.0  # seconds until what couldn't be read of one cluster is read again at the latest


class Described(Struct, frozen=True):
    """A list of ECS and what describes its items: the operations and their members.

    `size` is the most that one call describes (Amazon ECS API Reference).
    """

    listing: str
    arns: str
    describing: str
    items: str
    size: int = 100
    include: tuple[str, ...] = ()

    async def listed(self, client: ThrottledClient, cluster: str, **arguments: str) -> list[str]:
        """Return the ARNs of a cluster's items, of all pages."""
        pages = client.pages("ecs", self.listing, cluster=cluster, maxResults=LISTED, **arguments)
        return [arn async for page in pages for arn in page.get(self.arns) or ()]

    async def described(
        self, client: ThrottledClient, cluster: str, arns: Iterable[str]
    ) -> AsyncIterator[list[Answer]]:
        """Yield the items by batches; one deleted since it was listed is left out."""
        more = {"include": list(self.include)} if self.include else {}
        for batch in batches(set(arns), self.size):
            named = {"cluster": cluster, self.items: batch, **more}
            answer = await client.call("ecs", self.describing, **named)
            yield answer.get(self.items) or []


class FollowedEcs(Struct, frozen=True):
    """The context that the readers of ECS share."""

    context: AwsContext
    inventory: EcsInventory


class EcsReader:
    """A reader of rows of the followed clusters. Its calls are polled in the order of methods."""

    def __init__(self, ecs: FollowedEcs) -> None:
        self.inventory = ecs.inventory
        self.place = ecs.context.place
        self.clock = ecs.context.clock
        self.sink = ecs.context.sink

    def calls(self) -> Iterator[PolledCall]:
        """Yield the calls that this class declares."""
        return declared_by(self)

    def publish(self, kind: Kind, rows: Sequence[AwsRow], cluster: str) -> None:
        """Replace a cluster's rows, unless it was left while they were read."""
        if cluster in self.inventory.followed:
            self.sink.send(Swap(kind, rows, cluster))

    async def each_cluster(self, read: Callable[[Clean], Awaitable[None]]) -> None:
        """Read every cluster that is followed by its name.

        Where only some can be read, their rows are new and the others leave a gap.
        """
        refusals: dict[str, CallRefused] = {}
        names = self.inventory.named()
        if not names:
            raise NothingToAsk
        for name in names:
            try:
                await read(clean(name))
            except CallRefused as refused:
                if refused.refusal.of_every_call:
                    raise
                refusals[name] = refused
        if refusals and len(refusals) == len(names):
            raise next(iter(refusals.values()))
        if refusals:
            gaps = (f"{name}: {refused.refusal.sentence}" for name, refused in refusals.items())
            raise Incomplete(" ".join(gaps), AGAIN)
