"""How the API endpoint is reached: the way, step by step, and what EKS says of its network."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.binding import BindingType

from eksview.domain.aws.poll_plan import EKS
from eksview.domain.base.health import Health
from eksview.domain.base.reading import last_of, value_of, why_unread
from eksview.domain.base.text import clean
from eksview.domain.rows.access import EndpointFact
from eksview.domain.rows.aws import SecurityGroupRow, SubnetRow, VpcEndpointRow
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Phase
from eksview.ui.base.pages_screen import PagesScreen
from eksview.ui.base.tab_line import Tab
from eksview.ui.base.tabbed_screen import tab_bindings
from eksview.ui.network.text import Vpc, eks_lines, group_lines, way_lines
from eksview.ui.text.bars import milliseconds
from eksview.ui.text.priority_line import Slot
from eksview.ui.text.words import TONE_OF, Words

WAY, VPC, GROUPS = (
    Tab("way", "o", "Way"),
    Tab("vpc", "v", "VPC"),
    Tab("groups", "s", "Security groups"),
)
NETWORK = "network"
"""The link that reads subnets, routes and security groups."""

ENDPOINTS = "ec2:DescribeVpcEndpoints"
"""Named in its link's sentence where it alone may not be asked."""


class NetworkScreen(PagesScreen):
    """DNS, TCP, TLS, HTTP; endpoint access and subnets; security groups."""

    BINDING_GROUP_TITLE = "Network"
    ASKERS = ("endpoint", NETWORK, EKS)
    TABS: ClassVar[tuple[Tab, ...]] = (WAY, VPC, GROUPS)
    BINDINGS: ClassVar[list[BindingType]] = tab_bindings(
        "network",
        (WAY, "The way to the endpoint, step by step"),
        (VPC, "Endpoint access, VPC and subnets"),
        (GROUPS, "Security groups and their rules in words"),
    )

    def head(self) -> Sequence[Slot]:
        """Where it goes and how long it takes."""
        found = self._endpoint
        if found is None:
            return (Slot((("   How is the API endpoint reached?", "strong"),)),)
        failed = next((hop for hop in found.hops if hop.ok is False), None)
        reached = any(hop.ok for hop in found.hops if hop.kind == "http")
        state = Health.OK if failed is None else Health.WARN if reached else Health.BAD
        mark = self.view.glyphs.mark(state)
        says = clean(failed.why) if failed else f"answers in {milliseconds(found.total)}"
        return (
            Slot(((f" {mark} ", TONE_OF[state]), (clean(f"{found.host}:{found.port}"), "strong"))),
            Slot(((says, "dim" if failed is None else TONE_OF[state]),), rank=1),
        )

    def lines(self, tab: str, width: int) -> Iterator[Words]:
        """The way, the VPC or the groups."""
        store, glyphs = self.view.store, self.view.glyphs
        cluster = last_of(store.facts.cluster)
        if tab == VPC.id:
            why = self._why(EKS if cluster is None else NETWORK)
            return eks_lines(cluster, self._endpoint, self._vpc(), why, width, glyphs)
        if tab == GROUPS.id:
            found = store.table(Kind.SECURITY_GROUP).values()
            groups = [row for row in found if isinstance(row, SecurityGroupRow)]
            return group_lines(cluster, groups, self._why(NETWORK), width, glyphs)
        history = store.latencies("endpoint")
        return way_lines(self._endpoint, history, self.now, width, glyphs)

    @property
    def _endpoint(self) -> EndpointFact | None:
        return value_of(self.view.store.facts.endpoint)

    def _vpc(self) -> Vpc:
        store = self.view.store
        subnets = [r for r in store.table(Kind.SUBNET).values() if isinstance(r, SubnetRow)]
        found = store.table(Kind.VPC_ENDPOINT).values()
        endpoints = [row for row in found if isinstance(row, VpcEndpointRow)]
        link = store.links.get(NETWORK)
        read = link is not None and link.phase is Phase.LIVE and ENDPOINTS not in link.why
        return Vpc(subnets, endpoints if read else None)

    def _why(self, name: str) -> str:
        """What keeps a link of AWS from being read."""
        link = self.view.store.links.get(name)
        if link is not None and link.why:
            return link.why
        return why_unread(self.view.store.facts.aws_identity)
