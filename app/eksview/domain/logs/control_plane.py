"""The logs that EKS delivers of its control plane to CloudWatch Logs.

Source: Amazon EKS User Guide, "Send control plane logs to CloudWatch Logs": the group, the types,
the names of their streams, and that delivery takes minutes and isn't guaranteed.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from eksview.domain.base.text import Clean, clean

MOST_STREAMS = 100  # in one FilterLogEvents (CloudWatch Logs API Reference)


class LogType(Struct, frozen=True):
    """A type of log as EKS names it: what it holds, its streams, the component that writes it."""

    name: str
    content: str
    prefix: str
    component: str
    excluded: str = ""  # the prefix of another type's streams, which begin alike

    def has(self, stream: str) -> bool:
        """Return whether a stream is of this type."""
        other = bool(self.excluded) and stream.startswith(self.excluded)
        return stream.startswith(self.prefix) and not other


LOG_TYPES = {
    log.name: log
    for log in (
        LogType(
            "api", "the API server's own log", "kube-apiserver-", "kube-apiserver",
            excluded="kube-apiserver-audit-",
        ),
        LogType(
            "audit", "who changed and read what", "kube-apiserver-audit-", "kube-apiserver"
        ),
        LogType(
            "authenticator", "IAM identities mapped to users", "authenticator-", "authenticator"
        ),
        LogType(
            "controllerManager", "the controllers", "kube-controller-manager-",
            "kube-controller-manager",
        ),
        LogType("scheduler", "the scheduler", "kube-scheduler-", "kube-scheduler"),
    )
}  # fmt: skip
"""The types by name."""


class ControlPlaneRequest(Struct, frozen=True):
    """A type's log; `since` is in seconds before now, `pattern` in CloudWatch's filter syntax."""

    type: str
    pattern: str = ""
    follow: bool = True
    since: int | None = None


def group_of(cluster: str) -> str:
    """Return the log group of a cluster."""
    return f"/aws/eks/{cluster}/cluster"


def type_of(component: str) -> str:
    """Return the type of log that a component writes; empty for none."""
    return next((log.name for log in LOG_TYPES.values() if log.component == component), "")


def chosen_streams(
    log: LogType, streams: Iterable[Mapping[str, Any]], since: float
) -> tuple[str, ...]:
    """Return the streams of a type that may have events since a time, the newest first.

    `lastEventTimestamp` is updated within an hour (CloudWatch Logs API Reference, "LogStream").
    """
    dated = [
        (stream.get("lastIngestionTime") or stream.get("lastEventTimestamp") or 0, name)
        for stream in streams
        if log.has(name := str(stream.get("logStreamName") or ""))
    ]
    late = (since - 3600.0) * 1000.0
    recent = [(at, name) for at, name in dated if at >= late or not at]
    return tuple(name for _, name in sorted(recent, reverse=True)[:MOST_STREAMS])


def kept_words(group: Mapping[str, Any]) -> Clean:
    """Return how long a log group keeps its events, and how much it stores."""
    days, stored = group.get("retentionInDays"), int(group.get("storedBytes") or 0)
    kept = f"kept for {days} days" if days else "kept for ever: it has no retention"
    return clean(f"Log group {group.get('logGroupName')}, {kept}, {stored / 1e9:.1f} GB stored.")
