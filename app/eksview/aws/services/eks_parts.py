"""EKS: the cluster's nodegroups, Fargate profiles, add-ons and access entries."""

from collections.abc import AsyncIterator

from msgspec.structs import replace

from eksview.aws.client.errors import Answer
from eksview.aws.client.throttled_client import CallRefused, ThrottledClient, unread
from eksview.aws.services import parse_eks
from eksview.aws.services.eks import HURRY
from eksview.aws.services.parse import text
from eksview.aws.services.reader import AwsReader, WatchedAccount, reads
from eksview.domain.aws.poll_plan import ACCESS, EKS
from eksview.domain.base.reading import Read
from eksview.domain.base.text import EMPTY, Clean
from eksview.domain.live.facts import Facts, FactSet
from eksview.domain.live.messages import Put, Swap
from eksview.domain.rows.aws import AccessEntryRow, AddonRow, IamRoles
from eksview.domain.rows.kube import Kind

BUSY = ("CREATING", "UPDATING", "DELETING")
HOUR = 3600.0


class Nodegroups(AwsReader):
    """Managed nodegroups."""

    @reads(EKS, "eks:ListNodegroups", "eks:DescribeNodegroup", every=2, early=True)
    async def read(self, client: ThrottledClient) -> float | None:
        """Read the whole table; soon again while one of them is changing."""
        try:
            answers = _described(client, self.cluster, "Nodegroup", "nodegroups")
            rows = [parse_eks.nodegroup(answer.get("nodegroup") or {}) async for answer in answers]
            self.inventory.nodegroups = {row.name: row for row in rows}
        finally:
            self.inventory.tried.add("nodegroups")
        self.sink.send(Swap(Kind.NODEGROUP, rows))
        return HURRY if any(row.status in BUSY for row in rows) else None


class Fargate(AwsReader):
    """Fargate profiles."""

    @reads(EKS, "eks:ListFargateProfiles", "eks:DescribeFargateProfile", every=4)
    async def read(self, client: ThrottledClient) -> None:
        """Read the whole table."""
        answers = _described(client, self.cluster, "FargateProfile", "fargateProfileNames")
        rows = [parse_eks.fargate(answer.get("fargateProfile") or {}) async for answer in answers]
        self.sink.send(Swap(Kind.FARGATE, rows))


class Addons(AwsReader):
    """Add-ons, with the newest version that fits the cluster's."""

    def __init__(self, account: WatchedAccount) -> None:
        super().__init__(account)
        self._rows: dict[str, AddonRow] = {}
        self._latest: dict[tuple[str, str], tuple[Clean, float]] = {}

    @reads(EKS, "eks:ListAddons", "eks:DescribeAddon", every=4, early=True)
    async def read(self, client: ThrottledClient) -> float | None:
        """Read the whole table; soon again while one of them is changing."""
        rows: dict[str, AddonRow] = {}
        async for answer in _described(client, self.cluster, "Addon", "addons"):
            addon = answer.get("addon") or {}
            latest, _ = self._last_read(text(addon.get("addonName")))
            row = parse_eks.addon(addon, latest)
            rows[row.name] = row
        self._rows = rows
        busy = frozenset(row.name for row in rows.values() if row.status in BUSY)
        self.inventory.busy_addons = busy
        self.sink.send(Swap(Kind.ADDON, tuple(rows.values())))
        return HURRY if busy else None

    @reads(EKS, "eks:DescribeAddonVersions", every=4)
    async def latest(self, client: ThrottledClient) -> None:
        """Read the newest versions, once an hour and for a new version of the cluster."""
        version = self._version()
        for name in list(self._rows) if version else ():
            _, until = self._last_read(name)
            if self.clock() >= until:
                await self._read_latest(client, name, version)

    async def _read_latest(self, client: ThrottledClient, name: str, version: str) -> None:
        answer = await client.call(
            "eks", "DescribeAddonVersions", addonName=name, kubernetesVersion=version
        )
        latest = parse_eks.latest_addon(answer)
        self._latest[(name, version)] = (latest, self.clock() + HOUR)
        row = replace(self._rows[name], latest=latest)
        self._rows[name] = row
        self.sink.send(Put(Kind.ADDON, row))

    def _last_read(self, name: str) -> tuple[Clean, float]:
        """Return the newest version as last read, and until when it holds."""
        return self._latest.get((name, self._version()), (EMPTY, 0.0))

    def _version(self) -> str:
        return self.inventory.cluster.version if self.inventory.cluster else ""


class AccessEntries(AwsReader):
    """Access entries with their policies: two calls for each, hence rare and on their own link."""

    def __init__(self, account: WatchedAccount) -> None:
        super().__init__(account)
        self._roles: IamRoles | None = None

    @reads(
        ACCESS,
        "eks:ListAccessEntries",
        "eks:DescribeAccessEntry",
        "eks:ListAssociatedAccessPolicies",
        essential=True,
    )
    async def read(self, client: ThrottledClient) -> None:
        """Read the whole table; empty where the cluster uses only the ConfigMap aws-auth."""
        self.inventory.wait_for("cluster")
        cluster = self.inventory.cluster
        rows: list[AccessEntryRow] = []
        if cluster is None or cluster.authentication != "CONFIG_MAP":
            rows = [row async for row in self._entries(client)]
        self.sink.send(Swap(Kind.ACCESS_ENTRY, rows))

    @reads(ACCESS, "iam:ListRoles", every=3)
    async def roles(self, client: ThrottledClient) -> None:
        """Read the roles of the account: an entry outlives the role that it names."""
        try:
            arns = [
                text(role.get("Arn"))
                async for page in client.pages("iam", "ListRoles", MaxItems=1000)
                for role in page.get("Roles") or ()
            ]
        except CallRefused as refused:
            last, now = self._roles, self.clock()
            self.sink.send(FactSet(Facts.iam_roles, unread(refused, now, last)))
            raise
        self._roles = IamRoles(frozenset(arns))
        self.sink.send(FactSet(Facts.iam_roles, Read(self._roles, self.clock())))

    async def _entries(self, client: ThrottledClient) -> AsyncIterator[AccessEntryRow]:
        cluster = {"clusterName": self.cluster}
        async for answer in client.pages("eks", "ListAccessEntries", **cluster):
            for principal in parse_eks.names(answer, "accessEntries"):
                named = {**cluster, "principalArn": principal}
                try:
                    entry = await client.call("eks", "DescribeAccessEntry", **named)
                    policies = await self._policies(client, named)
                except CallRefused as refused:
                    if refused.refusal.kind != "not-found":
                        raise
                    continue  # deleted since it was listed
                yield parse_eks.access_entry(entry.get("accessEntry") or {}, policies)

    async def _policies(self, client: ThrottledClient, named: dict[str, str]) -> list[Answer]:
        pages = client.pages("eks", "ListAssociatedAccessPolicies", **named)
        return [item async for page in pages for item in page.get("associatedAccessPolicies") or ()]


async def _described(
    client: ThrottledClient, cluster: str, noun: str, listing: str
) -> AsyncIterator[Answer]:
    """Yield DescribeX for every name of ListXs, without those deleted in between."""
    argument = f"{noun[0].lower()}{noun[1:]}Name"
    async for page in client.pages("eks", f"List{noun}s", clusterName=cluster):
        for name in parse_eks.names(page, listing):
            named = {"clusterName": cluster, argument: name}
            try:
                yield await client.call("eks", f"Describe{noun}", **named)
            except CallRefused as refused:
                if refused.refusal.kind != "not-found":
                    raise
