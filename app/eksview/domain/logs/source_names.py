"""Short names of the sources of a log, each different from the others."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from eksview.domain.base.text import Clean, clean
from eksview.domain.logs.inbox import LogSource


def short_names(sources: Collection[LogSource]) -> Mapping[int, Clean]:
    """Return the shortest name of each source, by its number.

    Of one pod: its containers. Of the pods of one workload: what their names end with. Of several
    workloads: the workload's name, with the pod's end where there are several.
    """
    pods = _pod_names({(source.namespace, source.name) for source in sources})
    containers = {source.container for source in sources}
    names: dict[int, Clean] = {}
    for source in sources:
        pod = pods[source.namespace, source.name]
        if len(pods) == 1:
            names[source.number] = source.container or source.name
        elif len(containers) == 1 or not source.container:
            names[source.number] = pod
        else:
            names[source.number] = clean(f"{pod}/{source.container}")
    return names


def _pod_names(pods: Iterable[tuple[Clean, Clean]]) -> Mapping[tuple[Clean, Clean], Clean]:
    """Return a name of each pod that no other has, by its namespace and name."""
    all_pods = sorted(pods)
    prefix = _common([name.split("-") for _, name in all_pods])
    choices = [
        [*(["-".join(name.split("-")[prefix:])] if prefix else []), _workload(name),
         f"{_workload(name)}-{name.rsplit('-', 1)[-1]}", name, f"{namespace}/{name}"]
        for namespace, name in all_pods
    ]  # fmt: skip
    out: dict[tuple[Clean, Clean], Clean] = {}
    counts = [Counter(filter(None, level)) for level in zip(*choices, strict=True)]
    for pod, names in zip(all_pods, choices, strict=True):
        unique = (name for name, count in zip(names, counts, strict=True) if count[name] == 1)
        out[pod] = clean(next(unique, names[-1]))
    return out


def _common(names: Collection[list[str]]) -> int:
    """Return how many parts all names begin with."""
    if len(names) < 2:
        return 0
    number = 0
    for parts in zip(*names, strict=False):
        if len(set(parts)) > 1:
            break
        number += 1
    return number if all(len(name) > number for name in names) else 0


def _workload(pod: str) -> str:
    """Return a pod's name without what a ReplicaSet, a DaemonSet or a Job added to it."""
    parts = pod.split("-")
    while len(parts) > 1 and (parts[-1].isdigit() or _is_random(parts[-1])):
        parts.pop()
    return "-".join(parts)


def _is_random(part: str) -> bool:
    """Return whether a part is of apimachinery's alphabet without vowels and look-alikes."""
    return len(part) in range(5, 11) and not set(part) - set("bcdfghjklmnpqrstvwxz2456789")
