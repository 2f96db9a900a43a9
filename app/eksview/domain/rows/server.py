"""States of links, and the facts they report: single values that aren't rows of a table."""

from typing import TypeAlias

from msgspec import Struct, field

from eksview.domain.base.reading import NOT_ASKED, Permission, Reading
from eksview.domain.base.text import EMPTY, Clean

Key: TypeAlias = tuple[str, str, str]
"""Verb or etcd operation, group, resource."""


class Timing(Struct):
    """Calls and the seconds they took together."""

    calls: int = 0
    seconds: float = 0.0

    @property
    def mean(self) -> float | None:
        """Return the mean seconds; None without calls."""
        return self.seconds / self.calls if self.calls else None


class ServerTimings(Struct, frozen=True):
    """One reading of /metrics."""

    at: float
    requests: dict[Key, Timing]
    etcd: dict[Key, Timing]
    authentication: Timing = field(default_factory=Timing)  # of requests that were authenticated
    authorization: Timing = field(default_factory=Timing)  # of requests that were allowed


class Check(Struct, frozen=True):
    """One line of `/readyz?verbose` or `/livez?verbose`."""

    name: Clean
    ok: bool
    detail: Clean = EMPTY


class Probe(Struct, frozen=True):
    """The latest answer of one health endpoint; `ok` None: not visible or not reached."""

    name: str  # "readyz", "livez", "ping", "leases"
    at: float
    ok: bool | None
    latency: float | None = None  # seconds
    status: int | None = None  # of HTTP; None when nothing answered
    checks: tuple[Check, ...] = ()
    reason: Clean = EMPTY
    missing: Permission | None = None
    asked: bool = True  # else nothing was sent, such as for want of credentials


class ServerVersion(Struct, frozen=True):
    """The answer of `/version`."""

    git: Clean  # "v1.33.4-eks-1a2b3c4"
    major: Clean = EMPTY
    minor: Clean = EMPTY
    platform: Clean = EMPTY


IN_CLUSTER, DESCRIBED = "in-cluster", "EKS DescribeCluster"
"""Where a cluster's address comes from when it isn't from a kubeconfig."""


class Target(Struct, frozen=True):
    """The cluster that the kubeconfig leads to."""

    context: str
    cluster: str
    server: str  # the URL
    user: str
    namespace: str
    insecure: bool = False  # TLS is not verified
    source: str = ""  # the kubeconfig file, IN_CLUSTER, or DESCRIBED and where
    files: tuple[str, ...] = ()  # of the kubeconfig, absolute

    @property
    def kubectl(self) -> str | None:
        """Return the context for kubectl; empty: without one, None: kubectl has none."""
        if self.source.startswith(DESCRIBED):
            return None
        return "" if self.source == IN_CLUSTER else self.context


class Identity(Struct, frozen=True):
    """The user that the API server takes us for."""

    user: Clean
    groups: tuple[Clean, ...] = ()
    expires: float | None = None  # of the credentials, where known


class Mapped(Struct, frozen=True):
    """A row of the aws-auth ConfigMap: mapRoles or mapUsers."""

    arn: Clean
    user: Clean
    groups: tuple[Clean, ...] = ()


class AwsAuth(Struct, frozen=True):
    """The ConfigMap kube-system/aws-auth as it was read."""

    at: float
    exists: bool = False
    roles: tuple[Mapped, ...] = ()
    users: tuple[Mapped, ...] = ()
    accounts: tuple[Clean, ...] = ()  # mapAccounts: every identity of them is a user without groups
    faults: tuple[Clean, ...] = ()  # each one sentence: what in it can't be understood


class SchedulerMetrics(Struct, frozen=True):
    """Counts of kube-scheduler. `pending` has pods by queue: active, backoff, unschedulable,
    gated; `attempts` by result since it started: scheduled, unschedulable, error."""

    at: float
    pending: tuple[tuple[Clean, int], ...]
    attempts: tuple[tuple[Clean, int], ...] = ()
    rate: float | None = None  # attempts a minute, between the last two readings
    took: float | None = None  # seconds of an attempt, in the mean since it started


class ControllerMetrics(Struct, frozen=True):
    """The work queues of kube-controller-manager; `waiting` the longest first."""

    at: float
    queues: int
    waiting: tuple[tuple[Clean, int], ...] = ()


class EksMetrics(Struct, frozen=True):
    """The metrics of metrics.eks.amazonaws.com; either part may be refused alone."""

    scheduler: Reading[SchedulerMetrics] = NOT_ASKED
    controllers: Reading[ControllerMetrics] = NOT_ASKED
