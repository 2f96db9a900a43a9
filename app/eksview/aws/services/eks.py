"""EKS: the cluster itself, its version's support, its updates and insights."""

from msgspec.structs import replace

from eksview.aws.client.errors import Answer
from eksview.aws.client.throttled_client import CallRefused, ThrottledClient, unread
from eksview.aws.services import parse_eks
from eksview.aws.services.inventory import Inventory
from eksview.domain.aws import errors
from eksview.domain.aws.target import AwsTarget
from eksview.domain.base.clock import Clock
from eksview.domain.base.reading import Read, ReadFailed
from eksview.domain.base.text import clean
from eksview.domain.live.facts import Facts, FactSet
from eksview.domain.live.messages import Sink, Swap
from eksview.domain.rows.aws import ClusterInfo, InsightRow, UpdateRow
from eksview.domain.rows.kube import Kind

HURRY = 15.0  # seconds between two looks at what is being created, updated or deleted
CHANGING = ("CREATING", "UPDATING", "DELETING", "PENDING")
AT_ONCE = 20  # updates described in one round; those of years ago can wait for the next
DAY = 86400.0
DELETED = "DELETED"
"""Not a status of EKS: what a cluster is that was there and isn't any more."""


class Cluster:
    """DescribeCluster and DescribeClusterVersions, told as one fact."""

    def __init__(self, place: AwsTarget, estate: Inventory, sink: Sink, clock: Clock) -> None:
        self._place = place
        self._estate = estate
        self._sink = sink
        self._clock = clock
        self._support: tuple[str, float, Answer] = ("", 0.0, {})

    async def describe(self, meter: ThrottledClient) -> float | None:
        """The cluster; one that is gone is told as deleted, with what is known of it."""
        try:
            answer = await meter.call("eks", "DescribeCluster", name=self._place.cluster)
        except CallRefused as refused:
            if refused.refusal.kind == "not-found":
                refused = self._missing(refused)
            else:
                self._unread(refused)
            raise refused from None
        finally:
            self._estate.tried.add("cluster")
        self._tell(parse_eks.cluster(answer.get("cluster") or {}))
        return HURRY if self._changing() else None

    async def support(self, meter: ThrottledClient) -> None:
        """When support of its version ends: once a day, and for a new version."""
        info = self._estate.cluster
        if info is None or not info.version:
            return
        version, until, _ = self._support
        if version == info.version and self._clock() < until:
            return
        answer = await meter.call("eks", "DescribeClusterVersions", clusterVersions=[info.version])
        self._support = (info.version, self._clock() + DAY, answer)
        self._tell(info)

    def _missing(self, refused: CallRefused) -> CallRefused:
        name, region = clean(self._place.cluster), self._place.region
        if self._estate.cluster is not None:
            self._tell(replace(self._estate.cluster, status=DELETED))
            why = f"EKS no longer knows the cluster {name} in {region}: it has been deleted."
        else:
            why = errors.no_cluster(name, region)
            self._sink.send(FactSet(Facts.cluster, ReadFailed(why, self._clock())))
        return CallRefused(replace(refused.refusal, sentence=why), refused.code, refused.message)

    def _unread(self, refused: CallRefused) -> None:
        last = self._estate.cluster
        self._sink.send(FactSet(Facts.cluster, unread(refused, self._clock(), last)))

    def _tell(self, info: ClusterInfo) -> None:
        version, _, support = self._support
        if version == info.version:
            info = parse_eks.with_support(info, support)
        self._estate.cluster = info
        self._sink.send(FactSet(Facts.cluster, Read(info, self._clock())))

    def _changing(self) -> bool:
        return self._estate.cluster is not None and self._estate.cluster.status in CHANGING


class Updates:
    """Updates of the cluster, and of the nodegroups and add-ons that have one now.

    One that has come to an end doesn't change: it is described once.
    """

    def __init__(self, name: str, estate: Inventory, sink: Sink) -> None:
        self._name = name
        self._estate = estate
        self._sink = sink
        self._rows: dict[str, UpdateRow] = {}
        self.busy_addons: frozenset[str] = frozenset()

    async def read(self, meter: ThrottledClient) -> float | None:
        """The table; soon again while one is in progress."""
        listed: dict[str, str] = {}
        for about in self._subjects():
            async for answer in meter.pages("eks", "ListUpdates", **self._named(about)):
                for update in parse_eks.names(answer, "updateIds"):
                    listed[update] = about
        await self._describe(meter, listed)
        self._sink.send(Swap(Kind.UPDATE, tuple(self._rows.values())))
        return HURRY if any(not parse_eks.is_final(row) for row in self._rows.values()) else None

    async def _describe(self, meter: ThrottledClient, listed: dict[str, str]) -> None:
        known = {row.id: row.about for row in self._rows.values() if not parse_eks.is_final(row)}
        fresh = {each: about for each, about in listed.items() if each not in self._rows}
        for update, about in list({**known, **fresh}.items())[:AT_ONCE]:
            try:
                answer = await meter.call(
                    "eks", "DescribeUpdate", updateId=update, **self._named(about)
                )
            except CallRefused as refused:
                if refused.refusal.kind != "not-found":
                    raise
                self._rows.pop(update, None)  # gone with its nodegroup or add-on
                continue
            self._rows[update] = parse_eks.update(answer.get("update") or {}, about)

    def _subjects(self) -> list[str]:
        busy = ("UPDATING", "DEGRADED", "CREATING", "DELETING")
        nodegroups = self._estate.nodegroups.values()
        of_nodegroups = [f"nodegroup/{row.name}" for row in nodegroups if row.status in busy]
        return ["", *of_nodegroups, *(f"addon/{name}" for name in sorted(self.busy_addons))]

    def _named(self, about: str) -> dict[str, str]:
        kind, _, name = about.partition("/")
        more = {f"{kind}Name": name} if name else {}
        return {"name": self._name, **more}


class Insights:
    """What EKS finds in the way of an upgrade, with its advice where something is wrong."""

    def __init__(self, name: str, sink: Sink) -> None:
        self._name = name
        self._sink = sink

    async def read(self, meter: ThrottledClient) -> None:
        """The whole table."""
        rows: list[InsightRow] = []
        async for answer in meter.pages("eks", "ListInsights", clusterName=self._name):
            rows.extend(map(parse_eks.insight, answer.get("insights") or ()))
        advised = [await self._advised(meter, row) for row in rows]
        self._sink.send(Swap(Kind.INSIGHT, advised))

    async def _advised(self, meter: ThrottledClient, row: InsightRow) -> InsightRow:
        if row.status == "PASSING":
            return row
        try:
            answer = await meter.call("eks", "DescribeInsight", clusterName=self._name, id=row.id)
        except CallRefused as refused:
            if refused.refusal.kind not in ("denied", "not-found"):
                raise
            return row  # without the advice the finding is still worth showing
        return parse_eks.insight(answer.get("insight") or {})
