"""The tab of a node's drain plan: what would leave, what blocks, and what fits nowhere else."""

from collections.abc import Iterator, Mapping

from eksview.domain.base.text import clean
from eksview.domain.drain.placement import NodeUse
from eksview.domain.drain.plan import DrainFacts, DrainPlan, drain_plan, summary
from eksview.store.selectors.node_use import used_on_nodes
from eksview.ui.base.command_context import command_context
from eksview.ui.base.lazy_fetch import Fetch
from eksview.ui.base.lines.tab_line import Tab
from eksview.ui.base.view import View
from eksview.ui.nodes.drain_pods import pod_lines
from eksview.ui.text.layout import fold
from eksview.ui.text.words import Words

DRAIN = Tab("drain", "r", "Drain plan", "Drain")
AGAIN = 30.0
"""Seconds between two readings of budgets and owners while the tab is open."""
PLANNED = 5.0
"""Seconds that a plan is shown while pods come and go elsewhere: it tries each pod on each node."""


class DrainTab:
    """A source of the tab; budgets, owners and volumes are read only when it is shown."""

    tabs = (DRAIN,)

    def __init__(self, view: View, name: str) -> None:
        self._view = view
        self._name = name
        self._fetch: Fetch[DrainFacts] = Fetch(self._ask, view.clock, period=AGAIN)
        self._plan: DrainPlan | None = None
        self._made_of: DrainFacts | None = None
        self._used: Mapping[str, NodeUse] | None = None
        self._made = 0.0

    def look(self, tab: str) -> bool:
        """Return whether to read the plan's facts now."""
        return tab == DRAIN.id and self._fetch.due(self._name)

    async def ask(self) -> None:
        await self._fetch.ask(self._name)

    async def _ask(self) -> DrainFacts:
        return await self._view.backend.drain_facts(self._name)

    def _planned(self, facts: DrainFacts) -> DrainPlan:
        """Return the plan, made again for new facts, or some time later for new use of nodes."""
        used, at = used_on_nodes(self._view.store), self._view.clock()
        late = abs(at - self._made) >= PLANNED  # the clock may be corrected
        readable = (used is None) == (self._used is None)
        if (
            self._plan is None
            or facts is not self._made_of
            or not readable
            or (late and used != self._used)
        ):
            self._plan = drain_plan(facts, used)
            self._made_of, self._used, self._made = facts, used, at
        return self._plan

    def lines(self, tab: str, now: float, width: int) -> Iterator[Words]:  # noqa: ARG002
        facts = self._fetch.result
        if self._fetch.problem:
            yield ((clean(self._fetch.problem), "warn"),)
        if facts is None:
            if not self._fetch.problem:
                yield ((f"Loading{self._view.glyphs.more}", "dim"),)
            return
        plan = self._planned(facts)
        yield from (((line, "strong"),) for line in fold(summary(plan), width))
        for reason in plan.unread:
            yield from (((line, "warn"),) for line in fold(reason, width))
        command = command_context(self._view).kubectl(*plan.command.split())
        yield from (((line, "dim"),) for line in fold(clean(command), width))
        yield ()
        names = self._view.store.names
        yield from pod_lines(plan.pods, width, names.short, self._view.glyphs.more)
