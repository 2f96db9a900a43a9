"""Input and results of the checks of an instance that doesn't join."""

from collections.abc import Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from eksview.domain.base.text import Clean
from eksview.domain.live.command_context import CommandContext
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
    """A check; `evidence` is a sentence that says for `failed` what to change."""

    name: str
    result: Result
    evidence: Clean


class JoinFacts(Struct, frozen=True, kw_only=True):
    """The input of the checks. None means not read: the checks that need it are unknown."""

    instance: InstanceRow
    now: float
    status: StatusRow | None = None
    cluster: ClusterInfo | None = None
    role: str = ""  # ARN of the instance profile's role; empty: unknown
    entries: tuple[AccessEntryRow, ...] | None = None
    auth: AwsAuth | None = None
    groups: Mapping[str, SecurityGroupRow] | None = None
    subnets: Mapping[str, SubnetRow] | None = None
    signing: tuple[SigningRow, ...] | None = None
    commands: CommandContext = CommandContext()  # of the remedies
    kubelet: str = ""  # version of its nodegroup or AMI; empty: unknown


NO_CLUSTER: Verdict = ("unknown", "The cluster hasn't been read.")
