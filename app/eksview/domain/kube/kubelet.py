"""The configuration of a kubelet, and the renewals of its lease.

Source: Kubernetes "Nodes", node heartbeats; KubeletConfiguration (v1beta1);
kube-controller-manager --node-monitor-grace-period.
"""

from collections import deque
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from msgspec import Struct

from eksview.domain.base.go_duration import duration
from eksview.domain.base.versions import minor_of

KEPT = 60
"""Renewals remembered: ten minutes of them."""
LATE = 1.5
"""A renewal is late after so many periods."""


class Eviction(Struct, frozen=True):
    """An eviction threshold: `memory.available` under `100Mi`; `grace` is empty for a hard one."""

    signal: str
    threshold: str
    grace: str = ""


class KubeletConfig(Struct, frozen=True):
    """The settings of KubeletConfiguration about reports; None where one isn't set."""

    status_update: float | None  # seconds between two checks of the node's status
    status_report: float | None  # seconds between two reports when nothing has changed
    lease: float | None  # seconds
    max_pods: int | None
    evictions: tuple[Eviction, ...]

    @property
    def renewal(self) -> float | None:
        """Return the seconds between two renewals: a quarter of the lease's duration."""
        return self.lease / 4 if self.lease else None


def config(document: object) -> KubeletConfig | None:
    """Return the configuration in an answer of `/configz`; None for anything else."""
    settings = document.get("kubeletconfig") if isinstance(document, dict) else None
    if not isinstance(settings, dict):
        return None
    grace = _texts(settings.get("evictionSoftGracePeriod"))
    soft = _texts(settings.get("evictionSoft")).items()
    hard = _texts(settings.get("evictionHard")).items()
    lease, most = settings.get("nodeLeaseDurationSeconds"), settings.get("maxPods")
    return KubeletConfig(
        status_update=duration(settings.get("nodeStatusUpdateFrequency")),
        status_report=duration(settings.get("nodeStatusReportFrequency")),
        lease=float(lease) if isinstance(lease, int) else None,
        max_pods=most if isinstance(most, int) else None,
        evictions=(
            *(Eviction(signal, text) for signal, text in sorted(hard)),
            *(Eviction(signal, text, grace.get(signal, "")) for signal, text in sorted(soft)),
        ),
    )


def monitor_grace(server: str) -> int | None:
    """Return the seconds without a heartbeat after which a node is NotReady, by default.

    Source: kube-controller-manager --node-monitor-grace-period, changed in Kubernetes 1.32.
    """
    minor = minor_of(server)
    return None if minor is None else 50 if minor >= (1, 32) else 40


def _texts(value: object) -> Mapping[str, str]:
    if not isinstance(value, dict):
        return {}
    return {str(key): str(text) for key, text in value.items()}


class ReportPeriods(Struct, frozen=True):
    """The periods between renewals: their number, mean and longest, in seconds."""

    periods: int
    mean: float | None
    longest: float | None
    late: int  # periods longer than LATE times the expected one


class Heartbeats:
    """The renewals of a lease, in the order they arrived."""

    def __init__(self) -> None:
        self.renewals: deque[float] = deque(maxlen=KEPT)

    def note(self, renewed: float | None) -> None:
        """Note the time of a renewal; an unchanged one is ignored."""
        if renewed is not None and (not self.renewals or renewed > self.renewals[-1]):
            self.renewals.append(renewed)

    @property
    def periods(self) -> list[float]:
        return [after - before for before, after in pairwise(self.renewals)]

    def pace(self, expected: float) -> ReportPeriods:
        """Return how regular the periods are, `expected` being the configured seconds."""
        periods = self.periods
        if not periods:
            return ReportPeriods(0, None, None, 0)
        late = sum(period > expected * LATE for period in periods)
        return ReportPeriods(len(periods), sum(periods) / len(periods), max(periods), late)


def is_of(user: str, node: str) -> bool:
    """Return whether a certificate request is of a node."""
    return user == f"system:node:{node}"


def document_of(answer: Any) -> KubeletConfig:
    """Return the configuration in an answer, or an empty one."""
    return config(answer) or KubeletConfig(None, None, None, None, ())
