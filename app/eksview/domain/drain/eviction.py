"""What `kubectl drain` does with each pod of a node, and the flags that it would demand.

Source: kubectl 1.32 `pkg/drain/filters.go`. Its filters and their order are kept, because people
compare the plan with `kubectl drain --dry-run`.
"""

from enum import StrEnum

from eksview.domain.drain.objects import MIRROR, DrainPod


class Fate(StrEnum):
    """What becomes of a pod when its node is drained."""

    MOVES = "moves"  # its controller creates another
    LOST = "lost"  # no controller creates another
    FINISHED = "finished"  # it has run to its end, and is deleted
    TERMINATING = "terminating"  # it is being deleted already
    DAEMONSET = "stays (DaemonSet)"
    MIRROR = "stays (static pod)"


class Flag(StrEnum):
    """A flag without which `kubectl drain` refuses."""

    IGNORE_DAEMONSETS = "--ignore-daemonsets"
    DELETE_EMPTYDIR_DATA = "--delete-emptydir-data"
    FORCE = "--force"


def has_local_storage(pod: DrainPod) -> bool:
    """Return whether a pod has an emptyDir, whose data is lost with it."""
    return any(volume.empty_dir is not None for volume in pod.spec.volumes or ())


def is_daemon(pod: DrainPod) -> bool:
    """Return whether a running pod is managed by a DaemonSet."""
    controller = pod.metadata.controller
    return controller is not None and controller.kind == "DaemonSet" and not pod.finished


def is_mirror(pod: DrainPod) -> bool:
    return MIRROR in (pod.metadata.annotations or {})


def fate_of(pod: DrainPod, *, orphaned: bool = False) -> Fate:
    """Return what becomes of a pod under `kubectl drain` with every flag it demands.

    `orphaned` if it runs for a DaemonSet that is gone: kubectl evicts it, nothing makes another.
    """
    if is_daemon(pod) and not orphaned:
        return Fate.DAEMONSET
    if is_mirror(pod):
        return Fate.MIRROR
    if pod.metadata.deletion_timestamp is not None:
        return Fate.TERMINATING
    if pod.finished:
        return Fate.FINISHED
    return Fate.LOST if orphaned or pod.metadata.controller is None else Fate.MOVES


def flags_of(pod: DrainPod, *, orphaned: bool = False) -> tuple[Flag, ...]:
    """Return the flags that kubectl demands for a pod; `orphaned` as for `fate_of`."""
    if is_daemon(pod) and not orphaned:
        return (Flag.IGNORE_DAEMONSETS,)
    if is_mirror(pod) or pod.finished:
        return ()
    flags = (Flag.DELETE_EMPTYDIR_DATA,) if has_local_storage(pod) else ()
    return (*flags, Flag.FORCE) if orphaned or pod.metadata.controller is None else flags
