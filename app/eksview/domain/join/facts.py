"""What the checks of an instance that doesn't join look at, and what they answer."""

from collections.abc import Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from eksview.domain.rows.aws import (
    AccessEntryRow,
    ClusterInfo,
    InstanceRow,
    SecurityGroupRow,
    StatusRow,
    SubnetRow,
)
from eksview.domain.rows.kube import SigningRow
from eksview.domain.rows.server import AwsAuth

Result: TypeAlias = Literal["passed", "failed", "unknown"]
Verdict: TypeAlias = tuple[Result, str]


class JoinCheck(Struct, frozen=True):
    """One check; `evidence` is a sentence, for `failed` one that says what to change."""

    name: str
    result: Result
    evidence: str


class JoinFacts(Struct, frozen=True, kw_only=True):
    """All that the checks look at. None: it couldn't be read, so what needs it is unknown."""

    instance: InstanceRow
    now: float
    status: StatusRow | None = None
    cluster: ClusterInfo | None = None
    role: str = ""  # ARN of the instance profile's role; empty: not known
    entries: tuple[AccessEntryRow, ...] | None = None
    auth: AwsAuth | None = None
    groups: Mapping[str, SecurityGroupRow] | None = None
    subnets: Mapping[str, SubnetRow] | None = None
    signing: tuple[SigningRow, ...] | None = None
    kubelet: str = ""  # version that its nodegroup or AMI is of; empty: not known


NO_CLUSTER: Verdict = ("unknown", "The cluster couldn't be described.")
