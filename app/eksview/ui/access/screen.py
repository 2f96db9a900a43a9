"""Why can I see the nodes? The chain from the kubeconfig to the answer, link by link."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.binding import BindingType

from eksview.domain.access.chain import AccessStep, broken, chain, mendable
from eksview.domain.access.iam_mapping import MapRow, remarks, table
from eksview.domain.access.rbac import Grant, index, who_can
from eksview.domain.aws.poll_plan import ACCESS, EKS, STS
from eksview.domain.base.health import Health, worst
from eksview.domain.base.reading import last_of, value_of
from eksview.domain.base.remark import Remark
from eksview.domain.base.text import clean
from eksview.domain.live.polled import AWS_AUTH
from eksview.domain.rows.access import AccessRequest, RbacFact
from eksview.domain.rows.aws import NodegroupRow
from eksview.domain.rows.kube import Kind
from eksview.store.selectors.facts import entries, inputs
from eksview.store.selectors.overview import Overview
from eksview.ui.access.text import chain_lines, map_lines, who_lines
from eksview.ui.base.live_screen import Frame
from eksview.ui.base.pages_screen import PagesScreen
from eksview.ui.base.tab_line import Tab
from eksview.ui.base.tabbed_screen import tab_bindings
from eksview.ui.base.view import View
from eksview.ui.text.priority_line import Slot
from eksview.ui.text.words import TONE_OF, Words

CHAIN, MAP, WHO = Tab("chain", "o", "Chain"), Tab("map", "m", "IAM map"), Tab("who", "u", "Who")
PERIOD = 30
"""Seconds after which it is asked anew while somebody looks."""
SEE = tuple(AccessRequest(verb, "nodes") for verb in ("get", "list", "watch"))


class AccessScreen(PagesScreen):
    """Asks only while it can be seen."""

    BINDING_GROUP_TITLE = "Access"
    ASKERS = ("access", AWS_AUTH, ACCESS, STS, EKS)
    TABS: ClassVar[tuple[Tab, ...]] = (CHAIN, MAP, WHO)
    BINDINGS: ClassVar[list[BindingType]] = tab_bindings(
        "access",
        (CHAIN, "Each link from the kubeconfig to the answer"),
        (MAP, "Access entries and aws-auth side by side"),
        (WHO, "Who can see nodes, and by which binding"),
    )

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._overview = Overview(view.store)
        self._asked = float("-inf")
        self._copies = 0
        self._who: tuple[RbacFact | None, tuple[Grant, ...]] = (None, ())

    def frame(self, frame: Frame) -> None:
        """Whether it is EKS may have changed too."""
        self._overview.observe(frame.changes, full=frame.full)
        super().frame(frame)

    def attend(self) -> None:
        """Have the questions asked, at once and then on a period."""
        if self.now - self._asked >= PERIOD:
            self._asked = self.now
            self.view.backend.inspect()

    def head(self) -> Sequence[Slot]:
        """Where the chain is broken, or that it isn't."""
        steps = self._steps()
        state = worst(*(step.state for step in steps))
        first = broken(steps)
        says = clean(steps[-1].says if first is None else f"{first.title} is broken")
        mark = self.view.glyphs.mark(state)
        return (
            Slot(((f" {mark} ", TONE_OF[state]), ("Why can I see the nodes?", "strong"))),
            Slot(((says, TONE_OF[state] if state is Health.BAD else "dim"),), rank=1),
        )

    def lines(self, tab: str, width: int) -> Iterator[Words]:
        """The chain, the map, or who can."""
        glyphs = self.view.glyphs
        if tab == MAP.id:
            return map_lines(self._map(), self._remarks(), width, glyphs)
        if tab == WHO.id:
            found = value_of(self.view.store.facts.rbac)
            return who_lines(self._seers(found), found, width, glyphs)
        steps = self._steps()
        return chain_lines(steps, width, glyphs, copies=mendable(steps))

    def copied(self) -> str:
        """What would mend the first broken link, one remedy after the other; else the answer."""
        steps = self._steps()
        step = mendable(steps)
        if step is None:
            return clean(steps[-1].says)
        self._copies += 1
        return step.todo[(self._copies - 1) % len(step.todo)]

    def _steps(self) -> tuple[AccessStep, ...]:
        eks = self._overview.flavour.kind == "eks"
        return chain(inputs(self.view.store, self.now, eks=eks))

    def _map(self) -> tuple[MapRow, ...]:
        store = self.view.store
        cluster = last_of(store.facts.cluster)
        groups = store.table(Kind.NODEGROUP).values()
        known = last_of(store.facts.iam_roles)
        return table(
            entries(store) or (),
            value_of(store.facts.aws_auth),
            mode=cluster.authentication if cluster else "",
            node_roles={g.name: g.role for g in groups if isinstance(g, NodegroupRow)},
            known_roles=known.arns if known else None,
        )

    def _remarks(self) -> tuple[Remark, ...]:
        """What is wrong with the sources of the map."""
        store = self.view.store
        link, cluster = store.links.get(ACCESS), last_of(store.facts.cluster)
        why = link.why if link is not None and entries(store) is None else ""
        mode = cluster.authentication if cluster else ""
        return remarks(store.facts.aws_auth, mode, why)

    def _seers(self, found: RbacFact | None) -> tuple[Grant, ...]:
        """Worked out once per reading: there may be thousands of roles."""
        if found is not self._who[0]:
            grants: tuple[Grant, ...] = ()
            if found is not None:
                roles = index(found.roles)
                grants = tuple(g for ask in SEE for g in who_can(roles, found.bindings, ask))
            self._who = (found, grants)
        return self._who[1]
