"""The network screen: the path to the API endpoint, the VPC and its security groups."""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from textual.binding import BindingType

from eksview.domain.aws.parts import ROUTES
from eksview.domain.aws.poll_plan import EKS, NETWORK
from eksview.domain.base.health import Health
from eksview.domain.base.reading import last_of, value_of, why_unread
from eksview.domain.base.text import clean
from eksview.domain.live.trust import why_unopened
from eksview.domain.rows.access import EndpointFact
from eksview.domain.rows.aws import SecurityGroupRow, SubnetRow, VpcEndpointRow
from eksview.store.selectors.readings import cluster_reading, part_reading, rows_reading
from eksview.ui.base.lines.tab_line import Tab
from eksview.ui.base.tabbed_screen import PagesScreen, tab_bindings
from eksview.ui.network.text import Vpc, eks_lines, group_lines, path_lines
from eksview.ui.text.bars import milliseconds
from eksview.ui.text.priority_line import Slot
from eksview.ui.text.words import TONE_OF, Words

PATH, VPC = Tab("path", "o", "Path"), Tab("vpc", "v", "VPC")
GROUPS = Tab("groups", "s", "Security groups")


class NetworkScreen(PagesScreen):
    """Tabs for the path to the endpoint, endpoint access with subnets, and security groups."""

    TITLE = "Network"
    BINDING_GROUP_TITLE = "Network"
    LINKS = ("endpoint", NETWORK, EKS)
    TABS: ClassVar[tuple[Tab, ...]] = (PATH, VPC, GROUPS)
    SOURCES: ClassVar[Mapping[str, tuple[str, ...]]] = {
        VPC.id: (NETWORK, EKS),
        GROUPS.id: (NETWORK,),
    }
    BINDINGS: ClassVar[list[BindingType]] = tab_bindings(
        "network",
        (PATH, "DNS, TCP, TLS and HTTP to the API endpoint"),
        (VPC, "Endpoint access, VPC and subnets"),
        (GROUPS, "Security groups and their rules"),
    )

    def head(self) -> Sequence[Slot]:
        endpoint = self._endpoint
        if endpoint is None:
            return (Slot((("   API endpoint", "strong"),)),)
        failed = next((hop for hop in endpoint.hops if hop.ok is False), None)
        if failed:
            state = Health.WARN if endpoint.reached else Health.BAD
        else:
            state = Health.OK if endpoint.reached else Health.UNKNOWN
        mark = self.view.glyphs.mark(state)
        address = clean(f"{endpoint.host}:{endpoint.port}")
        result = (failed.reason if failed else endpoint.reason) or "the server wasn't tried"
        if endpoint.total is not None and failed is None:
            result = f"responds in {milliseconds(endpoint.total)}"
        return (
            Slot(((f" {mark} ", TONE_OF[state]), (address, "strong"))),
            Slot(((result, "dim" if failed is None else TONE_OF[state]),), folds=True),
        )

    def lines(self, tab: str, width: int) -> Iterator[Words]:
        store, glyphs = self.view.store, self.view.glyphs
        cluster = last_of(cluster_reading(store))
        if tab == VPC.id:
            reason, endpoint = self._unread_reason(), self._endpoint
            return eks_lines(cluster, endpoint, self._vpc(), reason, self.now, width, glyphs)
        if tab == GROUPS.id:
            groups = rows_reading(store, SecurityGroupRow)
            return group_lines(cluster, groups, self.now, width, glyphs)
        history = store.latencies("endpoint")
        unopened = why_unopened(store.links)
        return path_lines(self._endpoint, history, self.now, width, glyphs, unopened)

    @property
    def _endpoint(self) -> EndpointFact | None:
        return value_of(self.view.store.facts.endpoint)

    def _vpc(self) -> Vpc:
        store = self.view.store
        return Vpc(
            subnets=rows_reading(store, SubnetRow),
            routes=part_reading(store, ROUTES),
            endpoints=rows_reading(store, VpcEndpointRow),
        )

    def _unread_reason(self) -> str:
        link = self.view.store.links.get(EKS)
        return (
            link.reason if link and link.reason else why_unread(self.view.store.facts.aws_identity)
        )
