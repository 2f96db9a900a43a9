"""Input and results of the checks of an instance that doesn't join."""

from collections.abc import Callable, Iterable, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct, field

from eksview.domain.access.node_role import NodeKind
from eksview.domain.aws.arn import parse_arn
from eksview.domain.base.health import Health
from eksview.domain.base.reading import NOT_ASKED, Reading
from eksview.domain.base.text import Clean
from eksview.domain.live.command_context import CommandContext
from eksview.domain.rows.aws import (
    AccessEntryRow,
    ClusterInfo,
    ImageRow,
    InstanceRow,
    NetworkAclRow,
    SecurityGroupRow,
    StatusRow,
    SubnetRow,
    VpcEndpointRow,
    VpcRow,
)
from eksview.domain.rows.kube import ClaimRow, SigningRow
from eksview.domain.rows.server import AwsAuth

Result: TypeAlias = Literal["passed", "failed", "warned", "unknown"]
Verdict: TypeAlias = tuple[Result, str]


class JoinCheck(Struct, frozen=True):
    """A check; `evidence` is a sentence that says for `failed` what to change.

    What is `warned` about doesn't keep the instance from joining.
    """

    name: str
    result: Result
    evidence: Clean


RESULTS: tuple[Result, ...] = ("failed", "unknown", "warned", "passed")
"""In the order in which a person looks at them."""
HEALTH_OF: Mapping[Result, Health] = {
    "passed": Health.OK,
    "failed": Health.BAD,
    "warned": Health.WARN,
    "unknown": Health.UNKNOWN,
}


def worst_first(checks: Iterable[JoinCheck]) -> list[JoinCheck]:
    return sorted(checks, key=lambda check: RESULTS.index(check.result))


class JoinFacts(Struct, frozen=True, kw_only=True):
    """The input of the checks. None means not read: the checks that need it are unknown."""

    instance: InstanceRow
    now: float
    status: StatusRow | None = None
    cluster: ClusterInfo | None = None
    role: str = ""  # ARN of the instance profile's role; empty: unknown
    no_role: str = ""  # why the instance profile has no role
    kind: NodeKind = "linux"
    named_by_id: bool = False  # the cluster has nodes named by their instance ID
    entries: Reading[tuple[AccessEntryRow, ...]] = NOT_ASKED
    auth: Reading[AwsAuth] = NOT_ASKED
    roles_created: Mapping[str, float] = {}  # by ARN
    groups: Mapping[str, SecurityGroupRow] | None = None
    subnets: Mapping[str, SubnetRow] | None = None
    signing: tuple[SigningRow, ...] | None = None
    claim: ClaimRow | None = None  # of the instance, also where Karpenter made none
    claims_unread: str = ""  # why NodeClaims couldn't be read
    commands: CommandContext = CommandContext()  # of the remedies
    kubelet: str = ""  # version of its nodegroup or AMI; empty: unknown
    image: ImageRow | None = None
    vpcs: Mapping[str, VpcRow] | None = None
    endpoints: tuple[VpcEndpointRow, ...] | None = None
    acls: tuple[NetworkAclRow, ...] | None = None
    policies: tuple[str, ...] | None = None  # managed policies of the role
    console: tuple[str, ...] = ()  # last lines
    reasons: Mapping[str, Clean] = field(default_factory=dict)  # of what is unread, by IAM action

    @property
    def subnet(self) -> SubnetRow | None:
        """The instance's subnet."""
        return (self.subnets or {}).get(self.instance.subnet)


Check: TypeAlias = Callable[[JoinFacts], Verdict]


def unread(facts: JoinFacts, *actions: str) -> str:
    """Return `: ec2:DescribeSubnets is denied` for what failed, else ` (ec2:DescribeSubnets)`."""
    failed = [facts.reasons[action] for action in actions if action in facts.reasons]
    if failed:
        return f": {' '.join(dict.fromkeys(reason.removesuffix('.') for reason in failed))}"
    return f" ({', '.join(actions)})"


def no_cluster(facts: JoinFacts) -> Verdict:
    """Return the verdict of a check that needs the cluster, which is unread."""
    return "unknown", f"The cluster hasn't been read{unread(facts, 'eks:DescribeCluster')}."


def shared_by(facts: JoinFacts) -> str:
    """Return the account that shares the instance's subnet; empty for the cluster's own.

    Only it sees and changes the subnet's routes, gateways, network ACL and VPC endpoints, and its
    VPC. Source: VPC User Guide, "Share your VPC subnets".
    """
    account = parse_arn(facts.cluster.arn).account if facts.cluster else ""
    owner = facts.subnet.owner if facts.subnet else ""
    return owner if account and owner != account else ""


def by_owner(facts: JoinFacts) -> str:
    """Return who changes the subnet or its VPC, where that isn't the cluster's account."""
    owner = shared_by(facts)
    return f" in account {owner}, which shares the subnet" if owner else ""
