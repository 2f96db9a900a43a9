"""How a kubelet reports: its configuration, and how regularly its lease is renewed.

Source: Kubernetes "Nodes", node heartbeats; KubeletConfiguration (v1beta1);
kube-controller-manager --node-monitor-grace-period.
"""

import re
from collections import deque
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from msgspec import Struct

from eksview.domain.base.versions import minor_of

_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)")
_SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
KEPT = 60
"""Renewals remembered: ten minutes of them."""
LATE = 1.5
"""A renewal is late after so many periods."""


class Eviction(Struct, frozen=True):
    """`memory.available` under `100Mi`; `grace` is empty for a hard threshold."""

    signal: str
    threshold: str
    grace: str = ""


class KubeletConfig(Struct, frozen=True):
    """What of KubeletConfiguration says how the node reports; None where it isn't said."""

    status_update: float | None  # seconds between two looks at the node's status
    status_report: float | None  # seconds between two reports when nothing has changed
    lease: float | None  # seconds
    max_pods: int | None
    evictions: tuple[Eviction, ...]
    serving_certificate: bool | None  # whether it asks for its serving certificate

    @property
    def renewal(self) -> float | None:
        """Seconds between two renewals of the lease: a quarter of its duration."""
        return self.lease / 4 if self.lease else None


def config(document: object) -> KubeletConfig | None:
    """Of what `/configz` answers; None for anything else."""
    found = document.get("kubeletconfig") if isinstance(document, dict) else None
    if not isinstance(found, dict):
        return None
    grace = _texts(found.get("evictionSoftGracePeriod"))
    soft = _texts(found.get("evictionSoft")).items()
    hard = _texts(found.get("evictionHard")).items()
    lease, most, serving = (
        found.get("nodeLeaseDurationSeconds"), found.get("maxPods"), found.get("serverTLSBootstrap")
    )  # fmt: skip
    return KubeletConfig(
        status_update=duration(found.get("nodeStatusUpdateFrequency")),
        status_report=duration(found.get("nodeStatusReportFrequency")),
        lease=float(lease) if isinstance(lease, int) else None,
        max_pods=most if isinstance(most, int) else None,
        evictions=(
            *(Eviction(signal, text) for signal, text in sorted(hard)),
            *(Eviction(signal, text, grace.get(signal, "")) for signal, text in sorted(soft)),
        ),
        serving_certificate=serving if isinstance(serving, bool) else None,
    )


def monitor_grace(server: str) -> int | None:
    """Seconds of silence after which a node is NotReady, by default; None for no version.

    Source: kube-controller-manager --node-monitor-grace-period, changed in Kubernetes 1.32.
    """
    minor = minor_of(server)
    return None if minor is None else 50 if minor >= (1, 32) else 40


def duration(text: object) -> float | None:
    """Seconds of Go's `1m30s`; None for what isn't one."""
    if not isinstance(text, str) or not text:
        return None
    if _DURATION.sub("", text):
        return 0.0 if text == "0" else None
    return sum(float(number) * _SECONDS[unit] for number, unit in _DURATION.findall(text))


def _texts(value: object) -> Mapping[str, str]:
    if not isinstance(value, dict):
        return {}
    return {str(key): str(each) for key, each in value.items()}


class ReportPeriods(Struct, frozen=True):
    """The renewals seen: how many periods between them, in seconds on average, the longest."""

    periods: int
    mean: float | None
    longest: float | None
    late: int  # periods longer than LATE times the expected one


class Heartbeats:
    """The renewals of one lease, in the order they arrived."""

    def __init__(self) -> None:
        self.renewals: deque[float] = deque(maxlen=KEPT)

    def note(self, renewed: float | None) -> None:
        """A lease as it is now; one that is the same says nothing."""
        if renewed is not None and (not self.renewals or renewed > self.renewals[-1]):
            self.renewals.append(renewed)

    @property
    def periods(self) -> list[float]:
        """Seconds between each two."""
        return [after - before for before, after in pairwise(self.renewals)]

    def pace(self, expected: float) -> ReportPeriods:
        """How regular they are, `expected` seconds being what the kubelet is told."""
        periods = self.periods
        if not periods:
            return ReportPeriods(0, None, None, 0)
        late = sum(1 for each in periods if each > expected * LATE)
        return ReportPeriods(len(periods), sum(periods) / len(periods), max(periods), late)


def is_of(user: str, node: str) -> bool:
    """Whether a certificate request was made in a node's name."""
    return user == f"system:node:{node}"


def document_of(found: Any) -> KubeletConfig:
    """The configuration, or one that says nothing."""
    return config(found) or KubeletConfig(None, None, None, None, (), None)
