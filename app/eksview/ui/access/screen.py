"""The access screen: the chain from the kubeconfig to the list of nodes, step by step."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain as chain_of
from typing import ClassVar

from textual.binding import BindingType

from eksview.domain.access.access_step import AccessStep
from eksview.domain.access.chain import broken, chain, fixable
from eksview.domain.access.iam_map import beside_rbac, remarks, table
from eksview.domain.access.rbac import Grant, who_can
from eksview.domain.aws.parts import POLICIES, ROLES
from eksview.domain.aws.poll_plan import ACCESS, EKS, STS
from eksview.domain.base.health import Health, worst
from eksview.domain.base.reading import last_of, value_of
from eksview.domain.base.text import clean
from eksview.domain.live.polled import AWS_AUTH
from eksview.domain.live.trust import HEALTH, outdated
from eksview.domain.rows.access import AccessRequest, RbacFact
from eksview.domain.rows.kube import Kind
from eksview.store.selectors.readings import (
    chain_inputs,
    cluster_reading,
    known_roles,
    mapping_sources,
    node_roles,
    unread_parts,
)
from eksview.ui.access.text import chain_lines, map_lines, who_lines
from eksview.ui.base.command_context import command_context
from eksview.ui.base.lines.tab_line import Tab
from eksview.ui.base.messages import OpenRule
from eksview.ui.base.tabbed_screen import PagesScreen, age_text, tab_bindings
from eksview.ui.base.view import View
from eksview.ui.text.priority_line import Slot
from eksview.ui.text.unread import parts_lines
from eksview.ui.text.words import TONE_OF, Words

CHAIN, MAP, WHO = Tab("chain", "o", "Chain"), Tab("map", "m", "IAM map"), Tab("who", "u", "Who")
PERIOD = 30  # seconds between two inspections while the screen is shown
ROLE_PARTS = (Kind.NODEGROUP.part, Kind.FARGATE.part, ROLES, POLICIES)
"""The parts of the account that say which roles must be mapped, and which roles exist."""
SEE = tuple(AccessRequest(verb, "nodes") for verb in ("get", "list", "watch"))


class AccessScreen(PagesScreen):
    """The access chain, the IAM map and who can read nodes; inspects only while it is shown."""

    TITLE = "Access"
    BINDING_GROUP_TITLE = "Access"
    LINKS = ("access", AWS_AUTH, ACCESS, STS, EKS)
    TABS: ClassVar[tuple[Tab, ...]] = (CHAIN, MAP, WHO)
    SOURCES: ClassVar[Mapping[str, tuple[str, ...]]] = {MAP.id: (AWS_AUTH, ACCESS)}
    BINDINGS: ClassVar[list[BindingType]] = tab_bindings(
        "access",
        (CHAIN, "Each step from the kubeconfig to the answer"),
        (MAP, "Access entries and aws-auth rows"),
        (WHO, "Who can read nodes, and through which binding"),
    )

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._steps = self._checked()
        self._inspected = float("-inf")
        self._copies = 0
        self._grants: tuple[RbacFact | None, tuple[Grant, ...]] = (None, ())

    def attend(self) -> None:
        if abs(self.now - self._inspected) >= PERIOD:
            self._inspected = self.now
            self.view.backend.inspect()

    def fill(self) -> None:
        """Check the chain once for the head, the text and what is copied."""
        self._steps = self._checked()
        super().fill()

    def head(self) -> Sequence[Slot]:
        """Return the first broken step, or the answer."""
        steps = self._steps
        state = worst(*(step.state for step in steps))
        first = broken(steps)
        title = "Can't list nodes" if steps[-1].state is Health.BAD else "Access to nodes"
        result = clean(steps[-1].says if first in (None, steps[-1]) else f"{first.title} failed")
        tone = TONE_OF[state] if state is Health.BAD else "dim"
        if first is None and steps[-1].age is not None:
            result, tone = clean(age_text(steps[-1].age, self.view.glyphs)), "warn"
        mark = self.view.glyphs.mark(state)
        return (
            Slot(((f" {mark} ", TONE_OF[state]), (title, "strong"))),
            Slot(((result, tone),), folds=True),
        )

    def stale_for(self, tab: str) -> float | None:
        """Return the age of a tab; the steps of the chain have one each."""
        rbac = value_of(self.view.store.facts.rbac)
        if tab == WHO.id and rbac is not None:
            old = outdated(rbac.at, self.view.store.links.get(HEALTH))
            return max(0.0, self.now - rbac.at) if old else None
        return super().stale_for(tab)

    def lines(self, tab: str, width: int) -> Iterator[Words]:
        glyphs = self.view.glyphs
        if tab == MAP.id:
            store = self.view.store
            unread, sources = unread_parts(store, ROLE_PARTS, self.now), mapping_sources(store)
            rows = table(sources, node_roles(store), known_roles(store))
            lines = map_lines(rows, remarks(sources), width, glyphs)
            return chain_of(parts_lines(unread, width, glyphs, indent=1), lines)
        if tab == WHO.id:
            rbac = value_of(self.view.store.facts.rbac)
            beside = beside_rbac(mapping_sources(self.view.store))
            return who_lines(self._readers(rbac), rbac, beside, width, glyphs)
        key = self.view.keyed("{app.copy}")
        return chain_lines(self._steps, width, glyphs, fixable(self._steps), key)

    def subject(self) -> OpenRule | None:
        """Return the first remedy of the first broken step, whole."""
        step = fixable(self._steps)
        return OpenRule(step.todo[0]) if step is not None else None

    def copied(self) -> str:
        """Return a remedy of the first broken step, the next one each time; else the answer."""
        steps = self._steps
        step = fixable(steps)
        if step is None:
            return steps[-1].says
        self._copies += 1
        return step.todo[(self._copies - 1) % len(step.todo)]

    def why_not_copy(self) -> str:
        return ""  # it has an answer at least, and `copied` counts

    def _checked(self) -> tuple[AccessStep, ...]:
        described = last_of(cluster_reading(self.view.store)) is not None
        # The API server tells its distribution only to a user that it knows.
        eks = described or self.overview.distribution.kind == "eks"
        return chain(chain_inputs(self.view.store, self.now, command_context(self.view), eks=eks))

    def _readers(self, rbac: RbacFact | None) -> tuple[Grant, ...]:
        # Computed once per reading: a cluster may have thousands of roles.
        if rbac is not self._grants[0]:
            roles, bindings = (rbac.by_name, rbac.bindings) if rbac else ({}, ())
            grants = (grant for request in SEE for grant in who_can(roles, bindings, request))
            self._grants = (rbac, tuple(grants))
        return self._grants[1]
