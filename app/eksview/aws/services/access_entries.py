"""EKS: the access entries of the cluster with their policies, the important ones first."""

from msgspec.structs import replace

from eksview.aws.client.errors import Answer
from eksview.aws.client.throttled_client import CallRefused, ThrottledClient
from eksview.aws.services import parse_eks
from eksview.aws.services.listing import Listing
from eksview.aws.services.parse import seconds, text
from eksview.aws.services.reader import AwsReader, WatchedAccount, reads
from eksview.domain.access.iam_mapping import principal_of, without_path
from eksview.domain.aws import errors
from eksview.domain.aws.parts import ENTRIES, POLICIES
from eksview.domain.aws.poll_plan import ACCESS
from eksview.domain.base.reading import Read
from eksview.domain.base.text import EMPTY, clean
from eksview.domain.live.facts import Facts, FactSet
from eksview.domain.live.messages import Put, Swap
from eksview.domain.rows.aws import AccessEntryRow, IamRoles
from eksview.domain.rows.kube import Kind

FIRST = 20  # entries that are described at once: two calls for each, of sixty a minute
PATIENCE = 3.0  # seconds in which the roles of nodes may become known
BATCH = 10  # entries that are described at a time afterwards
NEXT = 1.0  # seconds until the next ones, as far as the budget allows
BARE = ("EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX", "HYBRID_LINUX")
"""Types to which no policy can be associated (Amazon EKS API Reference, CreateAccessEntry)."""


class AccessEntries(AwsReader):
    """Access entries: one call lists all, and two more for each are made over time.

    Those of the caller and of the roles of nodes are described first. An entry that is only listed
    is a row without a type.
    """

    def __init__(self, account: WatchedAccount) -> None:
        super().__init__(account)
        self._roles: IamRoles | None = None
        self._rows: dict[str, AccessEntryRow] = {}
        self._undescribed: list[str] = []  # in this round, in the order of the next calls
        self._without_policies: list[str] = []

    @reads(ACCESS, ENTRIES, "eks:DescribeAccessEntry", essential=True)
    async def read(self, client: ThrottledClient) -> float | None:
        """List all entries; none where the cluster uses only the ConfigMap aws-auth."""
        self.inventory.wait_for("cluster")
        self.inventory.wait_for("nodegroups", "fargate", patience=PATIENCE)
        self._undescribed, self._without_policies = [], []
        cluster, listing = self.inventory.cluster, Listing("access entries")
        if cluster is None or cluster.authentication != "CONFIG_MAP":
            pages = client.pages("eks", "ListAccessEntries", clusterName=self.cluster)
            await listing.names(pages, "accessEntries")
        listed = {name: self._rows.get(name) or _only_listed(name) for name in listing.listed}
        self._rows = listing.kept(self._rows) | listed
        self.sink.send(Swap(Kind.ACCESS_ENTRY, tuple(self._rows.values())))
        first = self._first()
        self._undescribed = self._ordered(first)
        important = sum(without_path(principal) in first for principal in self._rows)
        await self._describe(client, listing, max(BATCH, min(FIRST, important)))
        return NEXT if self._undescribed else None

    @reads(ACCESS, "eks:DescribeAccessEntry", regular=False, early=True, part=ENTRIES)
    async def rest(self, client: ThrottledClient) -> float | None:
        """Describe the next entries of this round."""
        await self._describe(client, Listing("access entries", self._rows), BATCH)
        return NEXT if self._undescribed else None

    @reads(ACCESS, POLICIES, early=True)
    async def policies(self, client: ThrottledClient) -> None:
        """Read the policies of the entries that were described last."""
        wanted, self._without_policies = self._without_policies, []
        listing = Listing("policies of access entries", wanted)
        for principal in wanted:
            async with listing.item(principal):
                policies = await self._policies(client, principal)
                self._put(principal, parse_eks.with_policies(self._rows[principal], policies))
        listing.check()

    @reads(ACCESS, "iam:ListRoles", every=3)
    async def roles(self, client: ThrottledClient) -> None:
        """Read the roles of the account: an entry outlives the role that it names."""
        try:
            created = {
                text(role.get("Arn")): seconds(role.get("CreateDate"))
                async for page in client.pages("iam", "ListRoles", MaxItems=1000)
                for role in page.get("Roles") or ()
            }
        except CallRefused as refused:
            last, now = self._roles, self.clock()
            self.sink.send(FactSet(Facts.iam_roles, errors.unread(refused.refusal, now, last)))
            raise
        dates = {arn: at for arn, at in created.items() if at is not None}
        self._roles = IamRoles(frozenset(created), dates)
        self.sink.send(FactSet(Facts.iam_roles, Read(self._roles, self.clock())))

    def _ordered(self, first: set[str]) -> list[str]:
        """Return the entries: the caller's and those of nodes, then those not described yet."""
        caller = without_path(principal_of(self.inventory.caller))

        def rank(principal: str) -> tuple[bool, bool, bool]:
            plain = without_path(principal)
            return plain != caller, plain not in first, self._rows[principal].described

        return sorted(self._rows, key=rank)

    def _first(self) -> set[str]:
        nodegroups = {row.role for row in self.inventory.nodegroups.values()}
        # The role of an instance profile mostly has its name; asking IAM would be one call each.
        profiles = {row.profile for row in self.inventory.instances.values()}
        own = {profile.replace(":instance-profile/", ":role/") for profile in profiles}
        caller = principal_of(self.inventory.caller)
        roles = {*nodegroups, *own, *self.inventory.fargate_roles, caller}
        return {without_path(role) for role in roles if role}

    async def _describe(self, client: ThrottledClient, listing: Listing, most: int) -> None:
        """Describe the next entries; after a failure the others wait for the next round."""
        batch, self._undescribed = self._undescribed[:most], self._undescribed[most:]
        for principal in batch:
            async with listing.item(principal):
                named = {"clusterName": self.cluster, "principalArn": principal}
                answer = await client.call("eks", "DescribeAccessEntry", **named)
                self._described(principal, answer)
            if principal in listing.gone:
                self._rows.pop(principal, None)
        self.sink.send(Swap(Kind.ACCESS_ENTRY, tuple(self._rows.values())))
        try:
            listing.check()
        except CallRefused:
            self._undescribed = []
            raise

    def _described(self, principal: str, answer: Answer) -> None:
        row = parse_eks.access_entry(answer["accessEntry"])
        if row.type in BARE:
            self._rows[principal] = row
            return
        known = self._rows[principal].policies
        self._rows[principal] = replace(row, policies=known)
        self._without_policies.append(principal)

    async def _policies(self, client: ThrottledClient, principal: str) -> list[Answer]:
        named = {"clusterName": self.cluster, "principalArn": principal}
        pages = client.pages("eks", "ListAssociatedAccessPolicies", **named)
        return [item async for page in pages for item in page["associatedAccessPolicies"]]

    def _put(self, principal: str, row: AccessEntryRow) -> None:
        self._rows[principal] = row
        self.sink.send(Put(Kind.ACCESS_ENTRY, row))


def _only_listed(principal: str) -> AccessEntryRow:
    return AccessEntryRow(clean(principal), EMPTY, EMPTY, (), None)
