"""EKS: the cluster's nodegroups, Fargate profiles, add-ons and access entries."""

from msgspec.structs import replace

from eksview.aws.client.throttled_client import ThrottledClient
from eksview.aws.services import parse_eks
from eksview.aws.services.eks import HURRY
from eksview.aws.services.listing import described
from eksview.aws.services.parse import text
from eksview.aws.services.reader import AwsReader, WatchedAccount, reads
from eksview.domain.aws.poll_plan import EKS
from eksview.domain.base.text import EMPTY, Clean
from eksview.domain.live.messages import Put, Swap
from eksview.domain.rows.aws import AddonRow, FargateRow
from eksview.domain.rows.kube import Kind

BUSY = ("CREATING", "UPDATING", "DELETING")
HOUR = 3600.0


class Nodegroups(AwsReader):
    """Managed nodegroups."""

    @reads(EKS, "eks:ListNodegroups", "eks:DescribeNodegroup", every=2, early=True)
    async def read(self, client: ThrottledClient) -> float | None:
        """Read the whole table; soon again while one of them is changing."""
        try:
            listed = await described(client, self.cluster, "Nodegroup", "nodegroups", "nodegroups")
            read = {
                name: parse_eks.nodegroup(answer["nodegroup"])
                for name, answer in listed.answers.items()
            }
            rows = self.inventory.nodegroups = listed.kept(self.inventory.nodegroups) | read
        finally:
            self.inventory.tried.add("nodegroups")
        self.sink.send(Swap(Kind.NODEGROUP, tuple(rows.values())))
        listed.check()
        return HURRY if any(row.status in BUSY for row in rows.values()) else None


class Fargate(AwsReader):
    """Fargate profiles."""

    def __init__(self, account: WatchedAccount) -> None:
        super().__init__(account)
        self._rows: dict[str, FargateRow] = {}

    @reads(EKS, "eks:ListFargateProfiles", "eks:DescribeFargateProfile", every=4)
    async def read(self, client: ThrottledClient) -> None:
        """Read the whole table."""
        try:
            listed = await described(
                client, self.cluster, "FargateProfile", "fargateProfileNames", "Fargate profiles"
            )
        finally:
            self.inventory.tried.add("fargate")
        read = {
            name: parse_eks.fargate(answer["fargateProfile"])
            for name, answer in listed.answers.items()
        }
        self._rows = listed.kept(self._rows) | read
        self.inventory.fargate_roles = frozenset(row.role for row in self._rows.values())
        self.sink.send(Swap(Kind.FARGATE, tuple(self._rows.values())))
        listed.check()


class Addons(AwsReader):
    """Add-ons, with the newest version that fits the cluster's."""

    def __init__(self, account: WatchedAccount) -> None:
        super().__init__(account)
        self._rows: dict[str, AddonRow] = {}
        self._latest: dict[tuple[str, str], tuple[Clean, float]] = {}

    @reads(EKS, "eks:ListAddons", "eks:DescribeAddon", every=4, early=True)
    async def read(self, client: ThrottledClient) -> float | None:
        """Read the whole table; soon again while one of them is changing."""
        listed = await described(client, self.cluster, "Addon", "addons", "add-ons")
        rows = listed.kept(self._rows)
        for answer in listed.answers.values():
            latest, _ = self._last_read(text(answer["addon"].get("addonName")))
            row = parse_eks.addon(answer["addon"], latest)
            rows[row.name] = row
        self._rows = rows
        busy = frozenset(row.name for row in rows.values() if row.status in BUSY)
        self.inventory.busy_addons = busy
        self.sink.send(Swap(Kind.ADDON, tuple(rows.values())))
        listed.check()
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
