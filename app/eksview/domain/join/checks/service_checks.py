"""The checks of an instance's way to the AWS services that a node needs.

Sources: Amazon EKS User Guide, "Deploy private clusters with limited internet access" and "View
Amazon EKS security group requirements for clusters"; AWS PrivateLink Guide, "Access an AWS service
using an interface VPC endpoint": with private DNS the service's usual name leads to the endpoint,
also where another way out exists. Security groups don't filter the VPC's own resolver (VPC User
Guide, "Control traffic to your AWS resources using security groups").
"""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from eksview.domain.access.network import UNREAD, service_of
from eksview.domain.base.text import clean
from eksview.domain.join.checks.egress import way_out
from eksview.domain.join.checks.group_rules import (
    ANYWHERE,
    UDP,
    allowed,
    cluster_groups,
    names,
    own_groups,
)
from eksview.domain.join.checks.join_facts import (
    RESULTS,
    JoinFacts,
    Result,
    Verdict,
    shared_by,
    unread,
)
from eksview.domain.rows.aws import VpcEndpointRow

HTTPS, DNS = 443, 53
SERVICES = ("ec2", "ecr.api", "ecr.dkr", "s3", "sts")
_OPTIONAL = ("sts",)  # the kubelet signs its token without a call: only pods' roles need STS
_BY_ENDPOINT = "by VPC endpoint"


class _Path(Struct, frozen=True):
    """The path to a service: by an endpoint, or out of the subnet."""

    result: Result
    words: str
    endpoint: VpcEndpointRow | None = None


def services_reached(facts: JoinFacts) -> Verdict:
    """Check routes and VPC endpoints to EC2, ECR, S3 and STS."""
    if facts.endpoints is None:
        why = unread(facts, "ec2:DescribeVpcEndpoints")
        return "unknown", f"The VPC endpoints couldn't be read{why}."
    paths = {service: _path(service, facts) for service in SERVICES}
    vital = {name: path for name, path in paths.items() if name not in _OPTIONAL}
    worst = _worst(path.result for path in vital.values())
    if worst == "passed":
        worst = "passed" if _worst(path.result for path in paths.values()) == "passed" else "warned"
        shown = paths if worst == "passed" else {name: paths[name] for name in _OPTIONAL}
    else:
        shown = {name: path for name, path in paths.items() if path.result == worst}
    return worst, f"{_grouped(shown)}{_effect(worst, shown)}."


def _worst(results: Iterable[Result]) -> Result:
    return min(results, key=RESULTS.index)


def _grouped(paths: Mapping[str, _Path]) -> str:
    """Return `ec2, sts: via nat-1; s3 (vpce-1): by VPC endpoint`."""
    services: dict[str, list[str]] = {}
    for name, path in paths.items():
        label = f"{name} ({path.endpoint.id})" if path.endpoint else name
        services.setdefault(path.words, []).append(label)
    return "; ".join(f"{', '.join(own)}: {words}" for words, own in services.items())


def _effect(result: Result, paths: Mapping[str, _Path]) -> str:
    """Return what a failure means, and what to change."""
    if result == "warned" and set(paths) <= set(_OPTIONAL):
        return ". The node joins without it, but IAM roles for service accounts need it"
    if result != "failed":
        return ""
    effect = ""
    if "ec2" not in paths:
        effect = " The node may register, but stays NotReady without the images of its CNI."
    missing = [name for name, path in paths.items() if path.endpoint is None]
    if not missing:
        return f".{effect} Add the rule"
    return f".{effect} Add a NAT gateway, or VPC endpoints for {', '.join(missing)}"


def _path(service: str, facts: JoinFacts) -> _Path:
    """Return the path that a service's usual name takes."""
    rows = [
        row
        for row in facts.endpoints or ()
        if row.vpc == facts.instance.vpc and service_of(row.service) == service
    ]
    notes = []
    for row in sorted(rows, key=lambda row: row.type != "Gateway"):
        if row.state != "available":
            notes.append(f"{row.id} is {row.state or 'not available'}")
        elif row.type == "Gateway":
            table = facts.subnet.table if facts.subnet else ""
            if table and table in row.tables:
                return _Path("passed", _BY_ENDPOINT, row)
            notes.append(f"{row.id} isn't in route table {table or UNREAD}")
        elif not row.private_dns:
            notes.append(f"private DNS of {row.id} is off, so the usual name doesn't lead there")
        else:
            return _interface(row, facts)
    result, words = way_out(facts)
    if result == "failed" and (owner := shared_by(facts)):
        words = f"eksview doesn't see VPC endpoints of account {owner}, which shares the subnet"
        return _Path("unknown", clean(words))
    reasons = [*notes, words] if notes else ["no VPC endpoint", words]
    text = words if result == "passed" else ", and ".join(reasons)
    return _Path(result, clean(text))


def _interface(row: VpcEndpointRow, facts: JoinFacts) -> _Path:
    """Return the path by an interface endpoint, whose security groups must let the node in."""
    own, its = own_groups(facts), set(row.groups)
    address = (facts.instance.private_ip,)
    result, evidence = allowed(facts, its, HTTPS, own, address, egress=False)
    if result == "passed":
        return _Path("passed", _BY_ENDPOINT, row)
    if result == "failed":
        words = f"no rule of {names(its)} allows TCP 443 in from {names(own)}"
        return _Path("failed", words, row)
    return _Path("unknown", f"{_BY_ENDPOINT}, but {evidence}", row)


def services_allowed(facts: JoinFacts) -> Verdict:
    """Check 443 out of the instance's groups to the services' public addresses or endpoints."""
    own = own_groups(facts)
    everywhere = allowed(facts, own, HTTPS, set(), (ANYWHERE,), egress=True)
    if everywhere[0] == "passed" or facts.endpoints is None:
        return _sentence(everywhere, own, "AWS services")
    verdicts = {service: _out(service, facts) for service in SERVICES}
    worst = _worst(verdict[0] for verdict in verdicts.values())
    wrong = [name for name, verdict in verdicts.items() if verdict[0] == worst]
    return _sentence(verdicts[wrong[0]], own, ", ".join(wrong))


def _out(service: str, facts: JoinFacts) -> Verdict:
    endpoint = _path(service, facts).endpoint
    if endpoint is None or endpoint.type == "Gateway":
        return allowed(facts, own_groups(facts), HTTPS, set(), (ANYWHERE,), egress=True)
    subnets = facts.subnets or {}
    near = [row.cidr for row in subnets.values() if row.vpc == endpoint.vpc]
    return allowed(facts, own_groups(facts), HTTPS, set(endpoint.groups), near, egress=True)


def _sentence(allowed_: Verdict, own: Iterable[str], target: str) -> Verdict:
    result, evidence = allowed_
    if result == "failed":
        return result, f"No rule of {names(own)} allows TCP 443 out to {target}: add one."
    if result == "unknown":
        return result, f"Unknown for {names(own)}, TCP 443 out to {target}: {evidence}."
    return result, f"{evidence}."


def pods_resolve(facts: JoinFacts) -> Verdict:
    """Check 53 out of the instance's groups to other nodes, where CoreDNS runs."""
    own = own_groups(facts)
    peers = own | (cluster_groups(facts.cluster) if facts.cluster else set())
    near = [row.cidr for row in (facts.subnets or {}).values()]
    result, evidence = allowed(facts, own, DNS, peers, near, egress=True, protocol=UDP)
    if result != "failed":
        return result, f"{evidence}."
    return "warned", (
        f"No rule of {names(own)} allows UDP 53 out to other nodes: the node joins, for security "
        "groups don't filter the VPC's resolver, but its pods can't reach CoreDNS on other nodes."
    )
