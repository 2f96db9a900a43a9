"""EKS: the cluster itself, its version's support, its updates and insights."""

from msgspec.structs import replace

from eksview.aws.client.errors import Answer
from eksview.aws.client.throttled_client import CallRefused, ThrottledClient
from eksview.aws.services import parse_eks
from eksview.aws.services.inventory import Incomplete
from eksview.aws.services.listing import Listing
from eksview.aws.services.reader import AwsReader, WatchedAccount, reads
from eksview.domain.aws import errors
from eksview.domain.aws.poll_plan import EKS
from eksview.domain.base.reading import Read, ReadFailed
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.live.facts import Facts, FactSet
from eksview.domain.live.messages import Swap
from eksview.domain.rows.aws import ClusterInfo, InsightRow, UpdateRow
from eksview.domain.rows.kube import Kind

HURRY = 15.0  # seconds between two reads of what is being created, updated or deleted
CHANGING = ("CREATING", "UPDATING", "DELETING", "PENDING")
AT_ONCE = 20  # updates described in one round; those of years ago can wait for the next
DAY = 86400.0
DELETED = "DELETED"
"""The status of a cluster that was read and exists no more; EKS has no such status."""


class Cluster(AwsReader):
    """The cluster and its version's support, sent as one fact."""

    def __init__(self, account: WatchedAccount) -> None:
        super().__init__(account)
        self._support: tuple[str, float, Answer] = ("", 0.0, {})
        self._read_at: float | None = None

    @reads(EKS, "eks:DescribeCluster", essential=True, early=True)
    async def describe(self, client: ThrottledClient) -> float | None:
        """Read the cluster; one that is gone is sent as deleted, with its last reading."""
        try:
            answer = await client.call("eks", "DescribeCluster", name=self.cluster)
        except CallRefused as refused:
            if refused.refusal.kind == "not-found":
                refused = self._missing(refused)
            else:
                last, now = self.inventory.cluster, self.clock()
                reading = errors.unread(refused.refusal, now, last, self._read_at)
                self.sink.send(FactSet(Facts.cluster, reading))
            raise refused from None
        finally:
            self.inventory.tried.add("cluster")
        info = parse_eks.cluster(answer["cluster"])
        self._send(info)
        return HURRY if info.status in CHANGING else None

    @reads(EKS, "eks:DescribeClusterVersions")
    async def support(self, client: ThrottledClient) -> None:
        """Read when the support of its version ends: once a day, and for a new version."""
        info = self.inventory.cluster
        if info is None or not info.version:
            return
        version, until, _ = self._support
        if version == info.version and self.clock() < until:
            return
        answer = await client.call("eks", "DescribeClusterVersions", clusterVersions=[info.version])
        self._support = (info.version, self.clock() + DAY, answer)
        self._send(info)

    def _missing(self, refused: CallRefused) -> CallRefused:
        name, region = clean(self.cluster), self.account.context.place.region
        if self.inventory.cluster is not None:
            self._send(replace(self.inventory.cluster, status=DELETED))
            sentence = f"EKS no longer has the cluster {name} in {region}: it has been deleted."
        else:
            sentence = errors.no_cluster(name, region)
            self.sink.send(FactSet(Facts.cluster, ReadFailed(clean(sentence), self.clock())))
        refusal = replace(refused.refusal, sentence=clean(sentence))
        return CallRefused(refusal, refused.code, refused.message)

    def _send(self, info: ClusterInfo) -> None:
        version, _, support = self._support
        if version == info.version:
            info = parse_eks.with_support(info, support)
        self.inventory.cluster, self._read_at = info, self.clock()
        self.sink.send(FactSet(Facts.cluster, Read(info, self._read_at)))


class Updates(AwsReader):
    """Updates of the cluster, and of the nodegroups and add-ons that have one now.

    One that has ended doesn't change: it is described once.
    """

    def __init__(self, account: WatchedAccount) -> None:
        super().__init__(account)
        self._rows: dict[str, UpdateRow] = {}

    @reads(EKS, "eks:ListUpdates", "eks:DescribeUpdate", every=2, early=True)
    async def read(self, client: ThrottledClient) -> float | None:
        """Read the table; soon again while an update is in progress."""
        listed: dict[str, Clean] = {}
        for about in self._subjects():
            async for answer in client.pages("eks", "ListUpdates", **self._named(about)):
                for update in parse_eks.names(answer, "updateIds"):
                    listed[update] = about
        listing = await self._describe(client, listed)
        self.sink.send(Swap(Kind.UPDATE, tuple(self._rows.values())))
        listing.check()
        if left := len(listed.keys() - self._rows.keys() - listing.gone):
            raise Incomplete(f"{left} of {len(listed)} updates aren't read yet.", HURRY)
        return HURRY if any(not parse_eks.is_final(row) for row in self._rows.values()) else None

    async def _describe(self, client: ThrottledClient, listed: dict[str, Clean]) -> Listing:
        rows = self._rows.values()
        running: dict[str, Clean] = {
            row.id: row.about for row in rows if not parse_eks.is_final(row)
        }
        fresh = {update: about for update, about in listed.items() if update not in self._rows}
        wanted = dict(list({**running, **fresh}.items())[:AT_ONCE])
        listing = Listing("updates", wanted)
        for update, about in wanted.items():
            async with listing.item(update):
                named = self._named(about)
                answer = await client.call("eks", "DescribeUpdate", updateId=update, **named)
                self._rows[update] = parse_eks.update(answer["update"], about)
        for update in listing.gone:  # with its nodegroup or add-on
            self._rows.pop(update, None)
        return listing

    def _subjects(self) -> list[Clean]:
        busy = ("UPDATING", "DEGRADED", "CREATING", "DELETING")
        nodegroups = self.inventory.nodegroups.values()
        of_nodegroups = [clean(f"nodegroup/{row.name}") for row in nodegroups if row.status in busy]
        of_addons = [clean(f"addon/{name}") for name in sorted(self.inventory.busy_addons)]
        return [EMPTY, *of_nodegroups, *of_addons]

    def _named(self, about: str) -> dict[str, str]:
        kind, _, name = about.partition("/")
        more = {f"{kind}Name": name} if name else {}
        return {"name": self.cluster, **more}


class Insights(AwsReader):
    """Upgrade insights, with their advice unless they pass."""

    @reads(EKS, "eks:ListInsights", "eks:DescribeInsight", every=20)
    async def read(self, client: ThrottledClient) -> None:
        """Read the whole table."""
        rows: list[InsightRow] = []
        async for answer in client.pages("eks", "ListInsights", clusterName=self.cluster):
            rows.extend(map(parse_eks.insight, answer["insights"]))
        unwell = [row for row in rows if row.status != "PASSING"]
        listing = Listing("insights in need of advice", [row.id for row in unwell])
        advised = {row.id: row for row in rows}
        for row in unwell:
            async with listing.item(row.id):
                named = {"clusterName": self.cluster, "id": row.id}
                answer = await client.call("eks", "DescribeInsight", **named)
                advised[row.id] = parse_eks.insight(answer["insight"])
        self.sink.send(Swap(Kind.INSIGHT, tuple(advised.values())))
        listing.check()
