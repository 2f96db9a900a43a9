"""Drains nodes step by step, as kubectl does: cordon, evict, wait until the pods are gone.

Source: kubectl 1.32 `pkg/drain/drain.go` and `pkg/cmd/drain`: all nodes are cordoned, then they are
drained one after the other, each within the timeout. A node's pods are listed once it is cordoned,
since some may have come after the question. An eviction is tried again only where the
server said that it did nothing. A lost answer or a switch of the cluster ends the drain, and what
was done stays known. Unlike kubectl, a node that can't be cordoned isn't drained: its pods would
come back.
"""

import asyncio
from collections.abc import Callable, Sequence
from itertools import chain

from eksview.domain.actions.change import Change, Outcome, cordon, evict
from eksview.domain.actions.drain_options import DEFAULTS, DrainOptions
from eksview.domain.actions.drain_progress import (
    OVER,
    PodProgress,
    PodState,
    after_eviction,
    cordoned,
)
from eksview.domain.base.age import human_duration
from eksview.domain.base.clock import Clock, Sleep
from eksview.domain.base.errors import UserError
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.drain.plan import DrainPlan, drain_plan
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.live.backend_protocol import Backend

AT_ONCE = 5  # evictions
CONFLICT = 409  # also if another pod has the name by now
LOOK = 1.0  # seconds between two looks at the store, as kubectl polls


class DrainRun:
    """One drain. `listed` tells whether a pod of a uid is in the store; `changed` is called.

    The store may lack a pod that exists: it isn't listed yet, or another cluster is shown. So only
    the API server says that a pod is gone, as it says to kubectl.
    """

    def __init__(
        self,
        backend: Backend,
        server: str,
        plans: Sequence[DrainPlan],
        listed: Callable[[str], bool],
        clock: Clock,
        sleep: Sleep = asyncio.sleep,
        options: DrainOptions = DEFAULTS,
    ) -> None:
        self._allowed = {flag for plan in plans for flag in plan.flags}
        self._nodes = {plan.node: [PodProgress(pod) for pod in plan.leaving] for plan in plans}
        self.pods = list(chain.from_iterable(self._nodes.values()))
        self.stopped = EMPTY
        self.running = True
        self.changed: Callable[[], None] = lambda: None
        self._backend = backend
        self._server = server
        self._cordoned: list[Clean] = []
        self._listed = listed
        self._clock = clock
        self._sleep = sleep
        self._options = options
        self._gate = asyncio.Semaphore(AT_ONCE)

    @property
    def cancelled(self) -> Clean:
        """Return what a cancelled drain leaves behind."""
        return clean(f"Cancelled: {cordoned(self._cordoned)}.")

    async def run(self) -> None:
        """Drain until every pod is gone or failed, or nothing more can be done."""
        try:
            refused = await self._cordon()
            late = await self._drain()
            if problems := (*refused, *late):
                self._stop(clean(" ".join(problems)))
        except asyncio.CancelledError:
            self._stop(self.cancelled)
            raise
        finally:
            self.running = False
            self.changed()

    async def _cordon(self) -> list[Clean]:
        """Cordon the nodes, and return why some of them can't be."""
        refused = []
        for node, pods in self._nodes.items():
            if self.stopped:
                break
            ref = ObjectRef("v1", "Node", "nodes", node)
            outcome = await self._act(cordon(ref, on=True))
            if outcome.done:
                self._cordoned.append(node)
            elif outcome.lost:
                self._stop(clean(f"Unknown whether {node} is cordoned: {outcome.reason}"))
            else:
                refused.append(clean(f"Not cordoned: {node}: {outcome.reason}"))
                self._give_up(pods, refused[-1])
        return refused

    async def _drain(self) -> list[Clean]:
        """Drain a node after the other, also after one that takes too long; return what did."""
        after, late, problems = human_duration(self._options.timeout or 0.0), 0, []
        for node in self._cordoned:
            pods = self._nodes[node]
            try:
                await self._add_new_pods(node, pods)
            except UserError as problem:
                problems.append(clean(f"New pods of {node} aren't known: {problem.sentence}"))
            try:
                async with asyncio.timeout(self._options.timeout):
                    await asyncio.gather(*map(self._move, pods))
            except TimeoutError:
                late += 1
                self._give_up(pods, clean(f"Timed out after {after} (--timeout)."))
        if late:
            of = f"{late} of {len(self._nodes)} nodes timed" if len(self._nodes) > 1 else "Timed"
            end = f"{of} out after {after} (--timeout): {cordoned(self._cordoned)}."
            problems.append(clean(end))
        return problems

    async def _add_new_pods(self, node: Clean, pods: list[PodProgress]) -> None:
        """Add the pods that came to a node since its plan; one the question didn't allow fails."""
        if self.stopped:
            return
        facts = await self._backend.drain_facts(node)
        listed = {progress.pod.uid for progress in pods}
        for pod in drain_plan(facts, None).leaving:
            if pod.uid in listed:
                continue
            progress = PodProgress(pod, since=self._clock())
            if lacking := [flag for flag in pod.flags if flag not in self._allowed]:
                note = clean(f"It came after the question, and needs {' '.join(lacking)}.")
                progress.become(PodState.FAILED, self._clock(), note)
            pods.append(progress)
            self.pods.append(progress)
        self.changed()

    def _give_up(self, pods: Sequence[PodProgress], reason: Clean) -> None:
        """Say of the pods that haven't gone why they aren't waited for any more."""
        self._unsettle()
        for progress in pods:
            if progress.state not in OVER:
                progress.note = clean(f"{reason} {progress.note}".strip())
        self.changed()

    async def _move(self, progress: PodProgress) -> None:
        """Evict a pod, again and again while its budget refuses, then wait until it is gone."""
        pod = progress.pod
        ref = ObjectRef("v1", "Pod", "pods", pod.name, pod.namespace, pod.uid)
        while not self.stopped and progress.state not in OVER:
            if progress.state is not PodState.LEAVING:
                await self._evict(progress, ref)
            elif self._listed(pod.uid) or not await self._ended(progress, ref):
                await self._sleep(LOOK)

    async def _ended(self, progress: PodProgress, ref: ObjectRef) -> bool:
        """Return whether a pod is gone, or it can't be known."""
        try:
            if await self._backend.object_exists(ref, self._server):
                return False
        except UserError as problem:
            self._become(progress, PodState.UNKNOWN, problem.sentence)
        else:
            self._become(progress, PodState.GONE)
        return True

    async def _evict(self, progress: PodProgress, ref: ObjectRef) -> None:
        async with self._gate:
            if self.stopped:
                return
            if progress.state is PodState.WAITING:
                self._become(progress, PodState.EVICTING)
            outcome = await self._act(evict(ref, self._options.grace))
        progress.tries += 1
        if outcome.status == CONFLICT and await self._ended(progress, ref):
            return
        state, wait = after_eviction(outcome)
        self._become(progress, state, outcome.reason)
        if outcome.lost:
            self._stop(clean(f"The API server was lost: {outcome.reason}"))
        elif wait is not None:
            await self._sleep(wait)

    async def _act(self, change: Change) -> Outcome:
        """Send a change; a refusal by eksview itself ends the drain, and nothing was sent."""
        try:
            return await self._backend.act(change, self._server)
        except UserError as problem:
            self._stop(problem.sentence)
            return Outcome(403, problem.sentence)

    def _become(self, progress: PodProgress, state: PodState, note: Clean = EMPTY) -> None:
        if self.stopped and state is PodState.FAILED:
            state = PodState.WAITING  # it was never sent
        progress.become(state, self._clock(), note)
        self.changed()

    def _stop(self, reason: Clean) -> None:
        self.stopped = self.stopped or reason
        self._unsettle()
        self.changed()

    def _unsettle(self) -> None:
        """Take in that evictions which have no answer yet won't get one."""
        for progress in self.pods:
            if progress.state is PodState.EVICTING:
                progress.become(PodState.UNKNOWN, self._clock())
