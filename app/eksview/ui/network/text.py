"""The lines of the path to the API endpoint and of the cluster's network."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from eksview.domain.access.network import (
    endpoint_access,
    endpoint_remarks,
    group_names,
    rule_words,
    sorted_rules,
    subnet_remark,
)
from eksview.domain.base.age import human_duration
from eksview.domain.base.health import Health, Remark
from eksview.domain.base.reading import Reading, last_of, value_of
from eksview.domain.base.text import Clean, cells, clean, fit
from eksview.domain.kube.node_labels import short_zone
from eksview.domain.rows.access import CertificateFact, EndpointFact, Hop
from eksview.domain.rows.aws import ClusterInfo, SecurityGroupRow, SubnetRow, VpcEndpointRow
from eksview.ui.text.bars import FAST, milliseconds, spark
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.layout import fold
from eksview.ui.text.unread import unread_lines
from eksview.ui.text.words import TONE_OF, Words, tone_of

TITLES = {"dns": "DNS", "tcp": "TCP", "tls": "TLS", "http": "HTTP"}
HISTORY = 60
_NAME, _TIME, _BAR = 8, 9, 24
_SOON = 30 * 86_400.0  # seconds before its expiry from which a certificate is a warning


def path_lines(
    fact: EndpointFact | None,
    history: Sequence[float],
    now: float,
    width: int,
    glyphs: Glyphs,
    unopened: str = "",
) -> Iterator[Words]:
    """Yield the hops with their durations, the total with its history, and the certificate.

    `unopened` tells why there is no endpoint to probe.
    """
    if fact is None and unopened:
        yield from (((line, "dim"),) for line in fold(clean(unopened), width))
        return
    if fact is None:
        yield ((f"Probing the API endpoint{glyphs.more}", "dim"),)
        return
    slowest = max((hop.took or 0.0 for hop in fact.hops), default=0.0)
    for hop in fact.hops:
        yield from _hop(hop, slowest, width, glyphs)
    yield ()
    yield from _total(fact, history, now, width, glyphs)
    if fact.certificate is not None:
        tls = next((dict(hop.evidence) for hop in fact.hops if hop.kind == "tls"), {})
        yield from _certificate(fact.certificate, tls, now, width, glyphs)


def _hop(hop: Hop, slowest: float, width: int, glyphs: Glyphs) -> Iterator[Words]:
    state = {True: Health.OK, False: Health.BAD, None: Health.UNKNOWN}[hop.ok]
    took = "" if hop.took is None else milliseconds(hop.took)
    part = round((hop.took or 0.0) / slowest * _BAR) if slowest else 0
    drawn = glyphs.bar[0] * max(part, 1 if hop.took else 0)
    yield (
        (f" {glyphs.mark(state)} ", TONE_OF[state]),
        (TITLES[hop.kind].ljust(_NAME), "strong"),
        (took.rjust(_TIME) + "  ", "text"),
        (drawn.ljust(_BAR) + "  ", "accent" if hop.ok else TONE_OF[state]),
        (hop.target, "text" if hop.ok else "dim"),
    )
    indent = " " * (_NAME + 3)
    if hop.reason:
        for line in fold(hop.reason, width - len(indent)):
            yield ((indent + line, "dim" if hop.ok is None else TONE_OF[state]),)
    for name, text in hop.evidence if hop.kind != "tls" else ():
        for line in fold(clean(f"{name} {text}"), width - len(indent)):
            yield ((indent + line, "dim"),)


def _total(
    fact: EndpointFact, history: Sequence[float], now: float, width: int, glyphs: Glyphs
) -> Iterator[Words]:
    room = min(HISTORY, max(8, width - 50))
    drawn = spark(history, min(room, len(history)), glyphs.spark, least=FAST)
    ago = human_duration(max(0.0, now - fact.at))
    total = "-" if fact.total is None else milliseconds(fact.total)
    yield (
        ("   Total   ", "strong"),
        (total.rjust(_TIME) + "  ", "dim" if fact.total is None else "text"),
        (drawn, "accent"),
        (f"  {ago} ago", "faint"),
    )
    if fact.proxy:
        yield ((f"   via proxy {fact.proxy}", "dim"),)
    yield ()


def _certificate(
    certificate: CertificateFact, tls: Mapping[str, str], now: float, width: int, glyphs: Glyphs
) -> Iterator[Words]:
    left = certificate.ends - now
    state = Health.BAD if left <= 0 else Health.WARN if left < _SOON else Health.OK
    age = human_duration(abs(left))
    expiry = f"expires in {age}" if left > 0 else f"expired {age} ago"
    yield ((f" {glyphs.mark(state)} ", TONE_OF[state]), ("Certificate", "strong"),
           (f"  {expiry}", tone_of(state, "dim")))  # fmt: skip
    pairs = (
        ("version", tls.get("version", "")),
        ("trust", tls.get("trust", "not trusted")),
        ("subject", certificate.subject),
        ("issuer", certificate.issuer),
        ("names", ", ".join(certificate.names)),
    )
    for name, text in pairs:
        if text:
            first, *rest = fold(clean(text), width - 14)
            yield ((f"   {name:<9}", "dim"), (first, "text"))
            yield from (((" " * 12 + line, "text"),) for line in rest)
    yield ()


class Vpc(Struct, frozen=True):
    """The cluster's VPC, and how each part of it was read."""

    subnets: Reading[tuple[SubnetRow, ...]]
    routes: Reading[Any]
    endpoints: Reading[tuple[VpcEndpointRow, ...]]


def eks_lines(
    cluster: ClusterInfo | None,
    endpoint: EndpointFact | None,
    vpc: Vpc,
    unread: str,
    now: float,
    width: int,
    glyphs: Glyphs,
) -> Iterator[Words]:
    """Yield endpoint access, subnets and VPC endpoints; `unread` is why the cluster isn't read."""
    if cluster is None:
        yield from _unread_lines(unread, width, glyphs)
        return
    yield (("Endpoint", "strong"), (f"  {cluster.endpoint}", "dim"))
    yield from _remarks(endpoint_access(cluster, endpoint), width, glyphs)
    yield ()
    yield (("Subnets", "strong"), (f"  of {cluster.vpc}", "dim"))
    subnets = last_of(vpc.subnets) or ()
    rows = sorted(subnets, key=lambda subnet: (subnet.zone, subnet.id))
    yield from unread_lines("subnets", vpc.subnets, now, width, glyphs, indent=1)
    if rows:
        yield from unread_lines("route tables", vpc.routes, now, width, glyphs, indent=1)
    elif value_of(vpc.subnets) is not None:
        yield (("EC2 has none of the cluster's subnets.", "dim"),)
    for row in rows:
        yield from _subnet(row, row.id in cluster.subnets, width, glyphs)
    yield ()
    yield (("VPC endpoints", "strong"), ("  private access to AWS services", "dim"))
    yield from unread_lines("VPC endpoints", vpc.endpoints, now, width, glyphs, indent=1)
    endpoints = last_of(vpc.endpoints)
    if endpoints is None:
        return
    yield from _remarks(endpoint_remarks(endpoints, rows, cluster.vpc), width, glyphs)
    yield ()


def _subnet(row: SubnetRow, own: bool, width: int, glyphs: Glyphs) -> Iterator[Words]:
    remark = subnet_remark(row)
    kind = "public" if row.public else "private"
    whose = "cluster, " if own else ""
    head = f"{fit(short_zone(row.zone), 5)}{fit(row.id, 26)}"
    text = f"{whose}{kind}, {remark.says}" + (f"  {row.name}" if row.name else "")
    first, *rest = fold(clean(text), width - 34)
    tone = tone_of(remark.state)
    yield ((f" {glyphs.mark(remark.state)} ", TONE_OF[remark.state]), (head, "dim"), (first, tone))
    for line in rest:
        yield ((" " * 34 + line, tone),)


def group_lines(
    cluster: ClusterInfo | None,
    groups: Reading[tuple[SecurityGroupRow, ...]],
    now: float,
    width: int,
    glyphs: Glyphs,
) -> Iterator[Words]:
    """Yield the security groups with their rules, those of the control plane first."""
    rows = last_of(groups) or ()
    yield from unread_lines("security groups", groups, now, width, glyphs)
    if not rows:
        if value_of(groups) is not None:
            yield (("EC2 has none of the cluster's security groups.", "dim"),)
        return
    names = group_names(rows)
    roles = _roles(cluster)
    for group in sorted(rows, key=lambda row: (row.id not in roles, row.name)):
        role = roles.get(group.id, "")
        yield (
            (group.name, "strong"),
            (f"  {group.id}", "dim"),
            (f"  {role}" if role else "", "accent"),
        )
        if not group.rules:
            yield (("   no rules: all traffic is blocked", "warn"),)
        for rule in sorted_rules(group.rules):
            mark = glyphs.right if rule.egress else glyphs.line[0]
            for number, line in enumerate(fold(clean(rule_words(rule, names)), width - 6)):
                yield ((f"   {mark if number == 0 else ' '} ", "faint"), (line, "text"))
        yield ()


def _roles(cluster: ClusterInfo | None) -> Mapping[Clean, str]:
    if cluster is None:
        return {}
    additional = dict.fromkeys(cluster.security_groups, "additional control plane security group")
    return {cluster.security_group: "cluster security group", **additional}


def _remarks(remarks: Iterable[Remark], width: int, glyphs: Glyphs) -> Iterator[Words]:
    rows = list(remarks)
    column = max(cells(remark.about) for remark in rows) + 2
    for remark in rows:
        tone = TONE_OF[remark.state]
        first, *rest = fold(remark.says, width - column - 3)
        yield ((f" {glyphs.mark(remark.state)} ", tone), (fit(remark.about, column), "dim"),
               (first, "text"))  # fmt: skip
        for line in rest:
            yield ((" " * (column + 3) + line, "text"),)


def _unread_lines(reason: str, width: int, glyphs: Glyphs) -> Iterator[Words]:
    for line in fold(clean(reason or f"Loading{glyphs.more}"), width):
        yield ((line, "dim"),)
