"""`eksview get drain-plan NODE`: prints what would leave a node, what blocks, and what fits."""

import os
import sys
from collections.abc import Mapping

from eksview.cli.announced import run_announced
from eksview.cli.get.output import lines, print_each
from eksview.cli.get.query import Query
from eksview.cli.kubectl_format import Object
from eksview.config.option_types import UsageError
from eksview.config.settings import Settings
from eksview.domain.base.text import Clean, clean
from eksview.domain.drain.budgets import Leave
from eksview.domain.drain.eviction import Fate
from eksview.domain.drain.placement import NodeUse
from eksview.domain.drain.plan import DrainPlan, PlannedPod, drain_plan, summary
from eksview.domain.kube.pod_totals import PodTotals
from eksview.domain.resources.pods import RESOURCE as PODS
from eksview.engine.connect import open_cluster
from eksview.kube.actions.drain_reader import read_drain_facts
from eksview.kube.client.errors import RequestError
from eksview.kube.client.lists import list_rows

TITLES = ("NAMESPACE", "NAME", "OWNER", "DRAIN", "BUDGET", "FITS")
WIDE = (*TITLES, "FLAGS", "WHY")
UNPLACED = "room on other nodes unknown"


def run(settings: Settings, query: Query, environ: Mapping[str, str] = os.environ) -> int:
    """Print the plan of each node and return 0. Raises `UserError` where one can't be read."""
    if not query.names:
        raise UsageError("name a node: eksview get drain-plan NODE")
    plans = run_announced(_plans(settings, query, environ))
    rows = [pod for plan in plans for pod in plan.pods]
    wide = query.output.format == "wide"
    sys.stdout.writelines(lines(
        query, rows, WIDE if wide else TITLES,
        cells=_wide if wide else _cells, name=_name, item=_object,
    ))  # fmt: skip
    sys.stdout.flush()
    for plan in plans:
        print_each([f"{plan.node}: {summary(plan)}", *plan.unread])
    return 0


async def _plans(
    settings: Settings, query: Query, environ: Mapping[str, str]
) -> tuple[DrainPlan, ...]:
    async with await open_cluster(settings, environ, query.limits) as connection:
        facts = [await read_drain_facts(connection, name) for name in query.names]
        used: dict[str, NodeUse] | None = None
        try:
            totals = {node.metadata.name: PodTotals() for node in facts[0].targets or ()}
            for pod in await list_rows(connection, PODS):
                if pod.node in totals:
                    totals[pod.node].add(pod)
            used = {
                name: NodeUse(each.pods, each.cpu, each.memory) for name, each in totals.items()
            }
        except RequestError as problem:
            print_each([f"{UNPLACED}: {problem.sentence}"])
    return tuple(drain_plan(each, used) for each in facts)


def _name(pod: PlannedPod) -> str:
    return f"pod/{pod.name}"


def _cells(pod: PlannedPod) -> tuple[str, ...]:
    return pod.namespace, pod.name, pod.owner, pod.fate, _budget(pod), _place(pod)


def _budget(pod: PlannedPod) -> str:
    verdict = pod.verdict
    if verdict.leave is Leave.UNKNOWN:
        return "unknown" if pod.leaves else "-"
    return f"{','.join(verdict.budgets)} ({verdict.leave})" if verdict.budgets else "-"


def _place(pod: PlannedPod) -> str:
    if pod.fit is not None:
        return pod.fit.node or "none"
    return "unknown" if _is_unplaced(pod) else "-"


def _is_unplaced(pod: PlannedPod) -> bool:
    """Return whether a pod needs a place and the other nodes weren't read."""
    return pod.fate is Fate.MOVES and pod.fit is None


def _reason(pod: PlannedPod) -> Clean:
    fit = pod.fit
    reason = UNPLACED if _is_unplaced(pod) else fit.reason if fit else ""
    return clean("; ".join(part for part in (pod.verdict.reason, reason) if part))


def _wide(pod: PlannedPod) -> tuple[str, ...]:
    parts = (_reason(pod), pod.fit.unsure if pod.fit else "")
    notes = clean("; ".join(part for part in parts if part)) or "-"
    return (*_cells(pod), ",".join(pod.flags) or "-", notes)


def _object(pod: PlannedPod) -> Object:
    return {
        "namespace": pod.namespace,
        "name": pod.name,
        "owner": pod.owner,
        "drain": str(pod.fate),
        "flags": [str(flag) for flag in pod.flags],
        "budgets": list(pod.verdict.budgets),
        "eviction": str(pod.verdict.leave),
        "waits": pod.waits,
        "localStorage": pod.local_storage,
        "fitsOn": (pod.fit.node if pod.fit else "") or None,
        "notSimulated": (pod.fit.unsure if pod.fit else "") or None,
        "why": _reason(pod) or None,
    }
