"""Lists whose items are described one by one, and what couldn't be read of them."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import TypeVar

from msgspec.structs import replace

from eksview.aws.client.errors import Answer
from eksview.aws.client.throttled_client import CallRefused, ThrottledClient
from eksview.aws.services import parse_eks
from eksview.domain.base.text import clean

T = TypeVar("T")


class Listing:
    """The names that a list holds; a failure leaves a gap instead of hiding the rest.

    `plural` names the items in a sentence. Raises `CallRefused` at once for a failure that all
    calls would have.
    """

    def __init__(self, plural: str, listed: Iterable[str] = ()) -> None:
        self.listed = list(listed)
        self.gone: set[str] = set()  # deleted since they were listed
        self.answers: dict[str, Answer] = {}  # descriptions by name
        self._plural = plural
        self._unread: set[str] = set()
        self._whole = True  # False: a later page of the list couldn't be read
        self._reason: CallRefused | None = None

    async def names(self, pages: AsyncIterator[Answer], member: str) -> None:
        """Read the names; a failure after the first page leaves those that were read."""
        try:
            async for page in pages:
                self.listed += parse_eks.names(page, member)
        except CallRefused as refused:
            if refused.refusal.of_every_call or not self.listed:
                raise
            self._whole, self._reason = False, refused

    @asynccontextmanager
    async def item(self, name: str) -> AsyncIterator[None]:
        """Note an item that can't be described; one deleted since it was listed is no gap."""
        try:
            yield
        except CallRefused as refused:
            if refused.refusal.of_every_call:
                raise
            if refused.refusal.kind == "not-found":
                self.gone.add(name)
                return
            self._unread.add(name)
            self._reason = self._reason or refused

    def kept(self, before: Mapping[str, T]) -> dict[str, T]:
        """Return the last reading of the items that couldn't be read now."""
        return {name: row for name, row in before.items() if self._is_gap(name)}

    def _is_gap(self, name: str) -> bool:
        return name in self._unread or (not self._whole and name not in self.listed)

    def check(self) -> None:
        """Raise `CallRefused` if there is a gap, with its size and its reason."""
        if self._reason is None:
            return
        count, refusal = len(self.listed), self._reason.refusal
        gaps = [] if self._whole else [f"Only the first {count} {self._plural} are listed."]
        if self._unread:
            gaps.append(f"{len(self._unread)} of {count} {self._plural} can't be read.")
        sentence = clean(" ".join((*gaps, refusal.sentence)))
        refused = replace(refusal, sentence=sentence)
        raise CallRefused(refused, self._reason.code, self._reason.message)


async def described(
    client: ThrottledClient, cluster: str, noun: str, member: str, plural: str
) -> Listing:
    """Return DescribeX for every name of ListXs, without those deleted in between."""
    argument = f"{noun[0].lower()}{noun[1:]}Name"
    listing = Listing(plural)
    await listing.names(client.pages("eks", f"List{noun}s", clusterName=cluster), member)
    for name in listing.listed:
        async with listing.item(name):
            named = {"clusterName": cluster, argument: name}
            listing.answers[name] = await client.call("eks", f"Describe{noun}", **named)
    return listing
