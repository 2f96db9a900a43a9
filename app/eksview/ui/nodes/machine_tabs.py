"""The tabs shared by node and instance screens: EC2 and Lifecycle."""

from collections.abc import Callable, Iterator

from eksview.domain.aws.arn import console_url
from eksview.domain.base.errors import UserError
from eksview.domain.join.checks.claims import claim_checks
from eksview.domain.join.checks.conclusion import conclusion
from eksview.domain.join.checks.why_not_joined import why_not_joined
from eksview.domain.join.timeline import timeline, with_verdict
from eksview.domain.rows.aws import InstanceDetail
from eksview.store.selectors.machine import Machine, is_checked, join_facts, outdated_of_checks
from eksview.store.selectors.object_events import events_of_node
from eksview.ui.base.command_context import command_context
from eksview.ui.base.lazy_fetch import Fetch
from eksview.ui.base.lines.tab_line import Tab
from eksview.ui.base.view import View
from eksview.ui.nodes.ec2 import DetailRequest, ec2_lines
from eksview.ui.nodes.timeline import advice_lines, check_lines, lifecycle_lines
from eksview.ui.text.unread import parts_lines
from eksview.ui.text.words import Words

EC2, LIFECYCLE = Tab("ec2", "i", "EC2"), Tab("lifecycle", "f", "Lifecycle", "Life")
AGAIN = 60.0
"""Seconds between two readings of volumes, role and spot signals while a tab is open."""


class MachineTabs:
    """A source of both tabs; `find` reads the machine, details are requested when shown."""

    tabs = (EC2, LIFECYCLE)

    def __init__(self, view: View, find: Callable[[], Machine]) -> None:
        self._view = view
        self._find = find
        self.machine = find()
        self._fetch: Fetch[InstanceDetail] = Fetch(self._ask, view.clock, period=AGAIN)

    @property
    def url(self) -> str:
        """The page in the AWS console; empty without an instance."""
        instance = self.machine.instance
        return console_url(self.machine.region, instance.id if instance else "")

    def look(self, tab: str) -> bool:
        """Take the newest machine from the store; return whether to request its details now."""
        if tab not in [own.id for own in self.tabs]:
            return False
        self.machine = self._find()
        instance = self.machine.instance
        return instance is not None and self._fetch.due(instance)

    async def ask(self) -> None:
        await self._fetch.ask(self.machine.instance)

    def lines(self, tab: str, now: float, width: int) -> Iterator[Words]:
        glyphs, machine = self._view.glyphs, self.machine
        if tab == EC2.id:
            fetch = self._fetch
            request = DetailRequest(fetch.result, fetch.problem, fetch.busy)
            console = self._view.keyed("URL ({app.copy} to copy)"), self.url
            return ec2_lines(machine, request, console, now, width, glyphs)
        return self._lifecycle(now, width)

    def _lifecycle(self, now: float, width: int) -> Iterator[Words]:
        glyphs, machine, store = self._view.glyphs, self.machine, self._view.store
        events = events_of_node(store, machine.node) if machine.node else ()
        steps = timeline(
            machine.node, machine.instance, machine.lease, machine.claim, events, now,
            judged=store.heartbeats.judges(now),
        )  # fmt: skip
        yield from lifecycle_lines(with_verdict(steps, machine.row, now), width, glyphs)
        if machine.claim is not None and machine.instance is None and machine.node is None:
            yield from check_lines(tuple(claim_checks(machine.claim)), width, glyphs)
        if machine.instance is not None and is_checked(store, machine.row):
            commands = command_context(self._view)
            facts = join_facts(store, machine, self._fetch.result, now, commands)
            checks = why_not_joined(facts)
            yield from parts_lines(outdated_of_checks(store, now), width, glyphs)
            yield from check_lines(checks, width, glyphs)
            yield from advice_lines(conclusion(checks, facts), width)

    async def _ask(self) -> InstanceDetail:
        if self.machine.instance is None:
            raise UserError("There is no instance to read details of.")
        return await self._view.backend.instance(self.machine.instance.id)
