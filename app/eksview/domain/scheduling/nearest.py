"""The nodes that come nearest to taking a pod, by what eksview has read of both.

Rules about other pods and volumes aren't known here and are named as such. Source of the rules:
kubernetes `pkg/scheduler/framework/plugins`, as `domain.drain.demands` has them.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from eksview.domain.base.quantity import show_cpu, show_size
from eksview.domain.base.text import Clean, clean
from eksview.domain.drain.demands import (
    UNSCHEDULABLE,
    claims_of,
    extended_resources,
    host_ports,
    rules_about_pods,
    taint_text,
    untolerated,
)
from eksview.domain.drain.objects import DrainPod, NodeTaint
from eksview.domain.drain.selectors import matches_node
from eksview.domain.kube.api_types import Pod
from eksview.domain.kube.go_json import fitting
from eksview.domain.kube.pod_requests import requests_of
from eksview.domain.kube.pod_totals import PodTotals
from eksview.domain.rows.kube import NodeRow
from eksview.domain.scheduling.claims import VolumeReach

SHOWN = 3
"""Nodes that are shown."""


class Gap(Struct, frozen=True):
    """What keeps a pod off a node.

    `rules` can't be helped by room: taints, selectors. `lacks` name what is missing of what, and
    `share` is the largest part of a request that is missing. `unknown` weren't read.
    """

    node: Clean
    rules: tuple[Clean, ...]
    lacks: tuple[Clean, ...]
    share: float
    unknown: tuple[Clean, ...]


class Wanted(Struct, frozen=True):
    """A pod to place, where its volumes can be, and the rules that can't be judged here."""

    pod: DrainPod
    unjudged: tuple[Clean, ...]
    reaches: tuple[VolumeReach, ...] = ()


def wanted(pod: Mapping[str, Any], reaches: Iterable[VolumeReach] = ()) -> Wanted:
    """Return what a pod asks of a node, without the fields that can't be decoded.

    `reaches` are those of the claims that were read.
    """
    placed = fitting(pod, DrainPod)
    requests = requests_of(fitting(pod, Pod).spec)
    placed.cpu, placed.memory = requests.cpu, requests.memory
    known = {reach.claim: reach for reach in reaches}
    return Wanted(placed, tuple(_unjudged(placed, known)), tuple(known.values()))


def _unjudged(pod: DrainPod, reaches: Container[str]) -> Iterator[Clean]:
    yield from rules_about_pods(pod)
    if any(claim.partition("/")[2] not in reaches for claim in claims_of(pod)):
        yield Clean("zone of its volumes")
    if host_ports(pod):
        yield Clean("host ports")
    yield from map(clean, sorted(extended_resources(pod)))


def nearest(
    pod: Wanted, nodes: Iterable[NodeRow], totals_of: Callable[[str], PodTotals]
) -> list[Gap]:
    """Return the nodes with the fewest rules against the pod, then those that lack least."""
    gaps = [_gap(pod, node, totals_of(node.name)) for node in nodes]
    gaps.sort(key=lambda gap: (len(gap.rules), len(gap.lacks), gap.share, gap.node))
    return gaps[:SHOWN]


def _gap(pod: Wanted, node: NodeRow, totals: PodTotals) -> Gap:
    lacks, share = [], 0.0
    unknown = list(pod.unjudged)
    if totals.pods < 0:
        unknown.insert(0, Clean("what its pods request"))
    for name, need, size, used, show in (
        ("cpu", pod.pod.cpu, node.allocatable.cpu, totals.cpu, show_cpu),
        ("memory", pod.pod.memory, node.allocatable.memory, totals.memory, show_size),
        ("pods", 1, node.allocatable.pods, totals.pods, str),
    ):
        free = max(0, size - max(0, used))
        if need > free:
            total = f" of {show(size)}" if need <= size else f", the node has {show(size)} in all"
            lacks.append(clean(f"{name}: needs {show(need)}, {show(free)} free{total}"))
            share = max(share, (need - free) / need)
    rules = [*_rules(pod.pod, node)]
    rules += [reach.conflict for reach in pod.reaches if not reach.has(node.labels, node.name)]
    return Gap(node.name, tuple(rules), tuple(lacks), share, tuple(unknown))


def _rules(pod: DrainPod, node: NodeRow) -> Iterator[Clean]:
    taints = (NodeTaint(taint.key, taint.value, taint.effect) for taint in node.taints)
    tolerations = pod.spec.tolerations or ()
    for taint in untolerated(taints, tolerations, cordoned=node.unschedulable):
        keeping = f"taint {taint_text(taint)}:{taint.effect} not tolerated"
        yield clean("cordoned" if taint.key == UNSCHEDULABLE else keeping)
    for key, value in (pod.spec.node_selector or {}).items():
        label = node.labels.get(key)
        if label != value:
            yield clean(f"node selector {key}={value}: the node has {label or 'no such label'}")
    affinity = pod.spec.affinity.node_affinity if pod.spec.affinity else None
    if not matches_node(affinity.required if affinity else None, node.labels, node.name):
        yield Clean("required node affinity isn't met")
