"""Whether a NAT gateway leads to the internet: by its state, its kind and its own subnet's route.

Source: VPC User Guide, "NAT gateway basics" and "Troubleshoot NAT gateways": a public one must be
in a subnet that routes to an internet gateway; what a private one sends there is dropped.
"""

from msgspec import Struct

from eksview.domain.access.network import UNREAD
from eksview.domain.base.text import EMPTY, Clean, clean


class NatGateway(Struct, frozen=True):
    """A NAT gateway. A regional one has no subnet; `table` is its own route table then."""

    id: Clean
    state: Clean
    private: bool = False
    subnet: Clean = EMPTY
    table: Clean = EMPTY


class NatExit(Struct, frozen=True):
    """Why traffic through a NAT gateway ends, or why that isn't known; both empty if it leaves."""

    closed: Clean = EMPTY
    doubt: Clean = EMPTY


OPEN = NatExit()


def nat_exit(gateway: NatGateway, egress: str) -> NatExit:
    """Return where a gateway leads; `egress` is the target of its own default route."""
    if gateway.state != "available":
        return NatExit(closed=clean(f"{gateway.id} is {gateway.state or 'not available'}"))
    where = gateway.subnet or gateway.table or "its subnet"
    if egress == UNREAD:
        return NatExit(doubt=clean(f"the routes of {where}, where {gateway.id} is, weren't read"))
    dropped = not egress or "blackhole" in egress or egress.startswith("nat-")
    if egress.startswith("igw-") and not dropped:
        if not gateway.private:
            return OPEN
        return NatExit(closed=clean(f"{gateway.id} is private: it doesn't lead to the internet"))
    if dropped:
        route = f"routes to {egress}" if egress else "has no default route"
        return NatExit(
            closed=clean(f"{gateway.id} is in {where}, which {route}, not to an internet gateway")
        )
    return NatExit(doubt=clean(f"eksview doesn't see what is behind {egress}, after {gateway.id}"))
