"""EKS: the cluster's nodegroups, Fargate profiles, add-ons and access entries."""

from collections.abc import AsyncIterator

from eksview.aws.client.errors import Answer
from eksview.aws.client.throttled_client import CallRefused, ThrottledClient, unread
from eksview.aws.services import parse_eks
from eksview.aws.services.eks import HURRY, Updates
from eksview.aws.services.inventory import Inventory
from eksview.domain.base.clock import Clock
from eksview.domain.base.reading import Read
from eksview.domain.live.facts import Facts, FactSet
from eksview.domain.live.messages import Put, Sink, Swap
from eksview.domain.rows.aws import AccessEntryRow, AddonRow, IamRoles, NodegroupRow
from eksview.domain.rows.kube import Kind

BUSY = ("CREATING", "UPDATING", "DELETING")
HOUR = 3600.0


class Nodegroups:
    """Managed nodegroups."""

    def __init__(self, name: str, estate: Inventory, sink: Sink) -> None:
        self._name = name
        self._estate = estate
        self._sink = sink

    async def read(self, meter: ThrottledClient) -> float | None:
        """The whole table; soon again while one of them is changing."""
        try:
            return await self._read(meter)
        finally:
            self._estate.tried.add("nodegroups")

    async def _read(self, meter: ThrottledClient) -> float | None:
        found: dict[str, NodegroupRow] = {}
        listed = _described(meter, self._name, "Nodegroup", "nodegroups")
        async for answer in listed:
            row = parse_eks.nodegroup(answer.get("nodegroup") or {})
            found[row.name] = row
        self._estate.nodegroups = found
        self._sink.send(Swap(Kind.NODEGROUP, tuple(found.values())))
        return HURRY if any(row.status in BUSY for row in found.values()) else None


class Fargate:
    """Fargate profiles."""

    def __init__(self, name: str, sink: Sink) -> None:
        self._name = name
        self._sink = sink

    async def read(self, meter: ThrottledClient) -> None:
        """The whole table."""
        listed = _described(meter, self._name, "FargateProfile", "fargateProfileNames")
        rows = [parse_eks.fargate(answer.get("fargateProfile") or {}) async for answer in listed]
        self._sink.send(Swap(Kind.FARGATE, rows))


class Addons:
    """Add-ons, each with the newest version that fits the cluster's."""

    def __init__(
        self, name: str, estate: Inventory, sink: Sink, updates: Updates, clock: Clock
    ) -> None:
        self._name = name
        self._estate = estate
        self._sink = sink
        self._updates = updates
        self._clock = clock
        self._rows: dict[str, AddonRow] = {}
        self._latest: dict[tuple[str, str], tuple[str, float]] = {}

    async def read(self, meter: ThrottledClient) -> float | None:
        """The whole table; soon again while one of them is changing."""
        found: dict[str, AddonRow] = {}
        async for answer in _described(meter, self._name, "Addon", "addons"):
            said = answer.get("addon") or {}
            row = parse_eks.addon(said, self._known_latest(str(said.get("addonName") or "")))
            found[row.name] = row
        self._rows = found
        busy = frozenset(row.name for row in found.values() if row.status in BUSY)
        self._updates.busy_addons = busy
        self._sink.send(Swap(Kind.ADDON, tuple(found.values())))
        return HURRY if busy else None

    async def latest(self, meter: ThrottledClient) -> None:
        """The newest versions, once an hour and for a new version of the cluster."""
        version = self._version()
        for name in list(self._rows) if version else ():
            _, until = self._latest.get((name, version), ("", 0.0))
            if self._clock() >= until:
                await self._ask_latest(meter, name, version)

    async def _ask_latest(self, meter: ThrottledClient, name: str, version: str) -> None:
        answer = await meter.call(
            "eks", "DescribeAddonVersions", addonName=name, kubernetesVersion=version
        )
        latest = parse_eks.latest_addon(answer)
        self._latest[(name, version)] = (latest, self._clock() + HOUR)
        row = parse_eks.with_latest(self._rows[name], latest)
        self._rows[name] = row
        self._sink.send(Put(Kind.ADDON, row))

    def _known_latest(self, name: str) -> str:
        return self._latest.get((name, self._version()), ("", 0.0))[0]

    def _version(self) -> str:
        return self._estate.cluster.version if self._estate.cluster else ""


class AccessEntries:
    """Access entries with their policies: two calls each, so asked rarely and on a link apart."""

    def __init__(self, name: str, estate: Inventory, sink: Sink, clock: Clock) -> None:
        self._name = name
        self._estate = estate
        self._sink = sink
        self._clock = clock
        self._roles: IamRoles | None = None

    async def read(self, meter: ThrottledClient) -> None:
        """The whole table; empty where the cluster knows only the ConfigMap aws-auth."""
        self._estate.wait_for("cluster")
        cluster = self._estate.cluster
        rows: list[AccessEntryRow] = []
        if cluster is None or cluster.authentication != "CONFIG_MAP":
            rows = [row async for row in self._entries(meter)]
        self._sink.send(Swap(Kind.ACCESS_ENTRY, rows))

    async def roles(self, meter: ThrottledClient) -> None:
        """Which roles the account has: an entry outlives the role that it names."""
        try:
            arns = [
                str(role.get("Arn") or "")
                async for page in meter.pages("iam", "ListRoles", MaxItems=1000)
                for role in page.get("Roles") or ()
            ]
        except CallRefused as refused:
            last, now = self._roles, self._clock()
            self._sink.send(FactSet(Facts.iam_roles, unread(refused, now, last)))
            raise
        self._roles = IamRoles(frozenset(arns))
        self._sink.send(FactSet(Facts.iam_roles, Read(self._roles, self._clock())))

    async def _entries(self, meter: ThrottledClient) -> AsyncIterator[AccessEntryRow]:
        cluster = {"clusterName": self._name}
        async for answer in meter.pages("eks", "ListAccessEntries", **cluster):
            for principal in parse_eks.names(answer, "accessEntries"):
                named = {**cluster, "principalArn": principal}
                try:
                    entry = await meter.call("eks", "DescribeAccessEntry", **named)
                    policies = await self._policies(meter, named)
                except CallRefused as refused:
                    if refused.refusal.kind != "not-found":
                        raise
                    continue  # deleted since it was listed
                yield parse_eks.access_entry(entry.get("accessEntry") or {}, policies)

    async def _policies(self, meter: ThrottledClient, named: dict[str, str]) -> list[Answer]:
        pages = meter.pages("eks", "ListAssociatedAccessPolicies", **named)
        return [said async for page in pages for said in page.get("associatedAccessPolicies") or ()]


async def _described(
    meter: ThrottledClient, cluster: str, thing: str, listing: str
) -> AsyncIterator[Answer]:
    """DescribeX for every name of ListXs, without those deleted in between."""
    argument = f"{thing[0].lower()}{thing[1:]}Name"
    async for page in meter.pages("eks", f"List{thing}s", clusterName=cluster):
        for name in parse_eks.names(page, listing):
            named = {"clusterName": cluster, argument: name}
            try:
                yield await meter.call("eks", f"Describe{thing}", **named)
            except CallRefused as refused:
                if refused.refusal.kind != "not-found":
                    raise
