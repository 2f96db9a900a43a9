"""Facts: readings of single values that aren't rows of a table."""

from collections.abc import Iterator
from typing import Any, Generic, TypeAlias, TypeVar, overload

from msgspec import Struct

from eksview.domain.base.reading import NOT_ASKED, Read, Reading
from eksview.domain.live.clock_skew import ClockSkew
from eksview.domain.live.viewers import Viewers
from eksview.domain.live.waits import OpenWaits
from eksview.domain.rows.access import (
    CredentialFact,
    EndpointFact,
    KubeconfigFact,
    RbacFact,
    RightsFact,
    WhoFact,
)
from eksview.domain.rows.aws import (
    AwsIdentity,
    Call,
    ClusterInfo,
    IamRoles,
    OpenedInstances,
    PastSessions,
)
from eksview.domain.rows.server import AwsAuth, EksMetrics, Identity, Probe, ServerVersion, Target

T = TypeVar("T")
CALLS = "calls/"
PARTS = "parts/"


class Answered(Struct, frozen=True):
    """AWS has answered the calls of a part; what they read is in its table or fact."""


class FactKey(Struct, Generic[T], frozen=True):
    """A fact's name and the type of its value."""

    name: str
    value: type[T]


class Fact(Generic[T]):
    """A declaration of a fact: its key on `Facts`, its reading on an instance."""

    def __init__(self, value: type[T]) -> None:
        self._value = value

    def __set_name__(self, owner: type["Facts"], name: str) -> None:
        self.key = FactKey(name.replace("_", "-"), self._value)

    @overload
    def __get__(self, facts: None, owner: type["Facts"]) -> FactKey[T]: ...
    @overload
    def __get__(self, facts: "Facts", owner: type["Facts"]) -> Reading[T]: ...
    def __get__(self, facts: "Facts | None", owner: type["Facts"]) -> FactKey[T] | Reading[T]:
        return self.key if facts is None else facts.get(self.key)


class Facts:
    """The latest reading of each fact; one line declares a fact with its type."""

    readyz = Fact(Probe)
    livez = Fact(Probe)
    ping = Fact(Probe)
    leases = Fact(Probe)
    version = Fact(ServerVersion)
    clock_skew = Fact(ClockSkew)
    target = Fact(Target)
    identity = Fact(Identity)
    kubeconfig = Fact(KubeconfigFact)
    credential = Fact(CredentialFact)
    endpoint = Fact(EndpointFact)
    who = Fact(WhoFact)
    rights = Fact(RightsFact)
    rbac = Fact(RbacFact)
    aws_auth = Fact(AwsAuth)
    eks_metrics = Fact(EksMetrics)
    aws_identity = Fact(AwsIdentity)
    cluster = Fact(ClusterInfo)
    iam_roles = Fact(IamRoles)
    opened_instances = Fact(OpenedInstances)
    past_sessions = Fact(PastSessions)
    viewers = Fact(Viewers)
    waiting = Fact(OpenWaits)

    def __init__(self) -> None:
        self._readings: dict[FactKey[Any], Reading[Any]] = {}

    def __iter__(self) -> Iterator[tuple[FactKey[Any], Reading[Any]]]:
        """Iterate over the facts that were asked for."""
        return iter(self._readings.items())

    def get(self, key: FactKey[T]) -> Reading[T]:
        """Return how a fact was last read."""
        return self._readings.get(key, NOT_ASKED)

    def put(self, key: FactKey[T], reading: Reading[T]) -> None:
        """Replace a fact."""
        self._readings[key] = reading

    def clear(self) -> None:
        """Forget all facts."""
        self._readings.clear()

    def probes(self) -> dict[str, Probe]:
        """Return the probes by name, as far as they were made."""
        return self._of(Probe)

    def call(self, link: str) -> Reading[Call]:
        """Return what an AWS link's calls cost."""
        return self.get(call_key(link))

    def part(self, name: str) -> Reading[Answered]:
        """Return how a part of the AWS account was last read, by its name in `aws.parts`."""
        return self.get(part_key(name))

    def calls(self) -> dict[str, Call]:
        """Return what the calls cost by AWS link."""
        return {name.removeprefix(CALLS): call for name, call in self._of(Call).items()}

    def _of(self, value: type[T]) -> dict[str, T]:
        return {
            key.name: reading.value
            for key, reading in self
            if key.value is value and isinstance(reading, Read)
        }


class FactSet(Struct, Generic[T], frozen=True):
    """A message: the new reading of a fact."""

    key: FactKey[T]
    reading: Reading[T]


AnyFactSet: TypeAlias = FactSet[Any]


def call_key(link: str) -> FactKey[Call]:
    """Return the key of what an AWS link's calls cost."""
    return FactKey(CALLS + link, Call)


def part_key(name: str) -> FactKey[Answered]:
    """Return the key of how a part of the AWS account was read."""
    return FactKey(PARTS + name, Answered)
