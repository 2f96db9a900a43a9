"""Reasons why an instance may not have joined the cluster: checks with their evidence.

Source: Amazon EKS User Guide, "Nodes fail to join cluster".
"""

import re
from collections.abc import Iterator

from eksview.domain.access.iam_mapping import MappingSources
from eksview.domain.access.node_role import judge_role
from eksview.domain.aws.tags import CLAIM_TAG, CLUSTER_TAG
from eksview.domain.base.age import human_duration
from eksview.domain.base.text import clean
from eksview.domain.base.versions import minor_of
from eksview.domain.join.checks.acl_checks import acls_pass
from eksview.domain.join.checks.claims import claim_checks
from eksview.domain.join.checks.host_checks import image_has_kubelet, metadata_reached, vpc_resolves
from eksview.domain.join.checks.join_facts import (
    Check,
    JoinCheck,
    JoinFacts,
    Result,
    Verdict,
    no_cluster,
    unread,
)
from eksview.domain.join.checks.network_checks import (
    endpoint_open,
    kubelet_reached,
    reaches_api,
    routed,
)
from eksview.domain.join.checks.service_checks import (
    pods_resolve,
    services_allowed,
    services_reached,
)
from eksview.domain.join.replacement import relocation, revival

_IMAGE_VERSION = re.compile(r"(?:^|[-_/])(1\.\d{2})(?:[-_/]|$)")
_KUBERNETES = re.compile(r"eks|k8s|kube", re.IGNORECASE)
_SIGNED_WITHIN = 60.0  # seconds; a signer takes a few
_NODE_USER = "system:node:"
_NEVER = ("DELETING", "FAILED")
"""The statuses that don't change to ACTIVE: EKS rolls back what it couldn't create."""
_RESULTS: dict[bool | None, Result] = {True: "passed", False: "failed", None: "unknown"}


def why_not_joined(facts: JoinFacts) -> tuple[JoinCheck, ...]:
    """Return all checks, in the order in which a node meets them."""
    verdicts = ((name, *check(facts)) for name, check in _CHECKS)
    checks = (JoinCheck(name, result, clean(says)) for name, result, says in verdicts)
    return (*_claimed(facts), *checks)


def _claimed(facts: JoinFacts) -> Iterator[JoinCheck]:
    """Yield the conditions of Karpenter's NodeClaim; other instances have none."""
    if facts.claim is not None:
        yield from claim_checks(facts.claim)
    elif facts.claims_unread and CLAIM_TAG in facts.instance.tags:
        yield JoinCheck("NodeClaim registered", "unknown", clean(facts.claims_unread))


def kubelet_of_image(name: str) -> str:
    """Return `1.33` for `amazon-eks-node-al2023-x86_64-standard-1.33-v20251001`, else empty.

    A number in the name of an image that isn't said to be one for Kubernetes is of something else.
    """
    match = _IMAGE_VERSION.search(name)
    return match[1] if match and _KUBERNETES.search(name) else ""


def _cluster_active(facts: JoinFacts) -> Verdict:
    if facts.cluster is None:
        return no_cluster(facts)
    status = facts.cluster.status
    if status in ("ACTIVE", "UPDATING"):
        return "passed", f"{clean(facts.cluster.name)} is {status}."
    name = clean(facts.cluster.name)
    if status in _NEVER:
        return "failed", f"{name} is {status}: it accepts no nodes any more; use another cluster."
    return "failed", f"{name} is {status}: nodes can join once it is ACTIVE."


def _running(facts: JoinFacts) -> Verdict:
    instance = facts.instance
    if instance.state == "running":
        since = instance.launched
        ago = f", launched {human_duration(facts.now - since)} ago" if since is not None else ""
        return "passed", f"{instance.id} is running{ago}."
    if instance.state == "pending":
        return "unknown", f"{instance.id} is still pending."
    reason = f" ({instance.state_reason})" if instance.state_reason else ""
    word = instance.state or "in an unknown state"
    return "failed", f"{instance.id} is {word}{reason}: {revival(instance)}."


def _checked(facts: JoinFacts) -> Verdict:
    status = facts.status
    if status is None:
        action = "ec2:DescribeInstanceStatus"
        return "unknown", f"The status checks couldn't be read{unread(facts, action)}."
    if {status.system, status.instance} == {"not-applicable"}:
        return "unknown", "EC2 checks running instances only."
    words = f"system {status.system or '?'}, instance {status.instance or '?'}"
    if "impaired" in (status.system, status.instance):
        if status.system == "impaired":
            return (
                "failed",
                f"{words}: hardware or network of AWS failed; {relocation(facts.instance)}.",
            )
        return "failed", f"{words}: its operating system doesn't respond; read the console output."
    if status.system == status.instance == "ok":
        return "passed", f"{words}."
    return "unknown", f"{words}."


def _role_mapped(facts: JoinFacts) -> Verdict:
    if not facts.instance.profile:
        return "failed", "No instance profile: the kubelet has no IAM role to authenticate with."
    if facts.no_role:
        says = "the kubelet has no IAM role to authenticate with; attach a profile with a role"
        return "failed", f"Instance profile {clean(facts.no_role)}: {says}."
    if not facts.role:
        cause, name = unread(facts, "iam:GetInstanceProfile"), _short(facts.instance.profile)
        return "unknown", f"The role of {name} couldn't be read{cause}."
    if facts.cluster is None:
        return no_cluster(facts)
    mode = facts.cluster.authentication
    sources = MappingSources(
        mode=mode, entries=facts.entries, auth=facts.auth, roles_created=facts.roles_created
    )
    verdict = judge_role(facts.role, facts.kind, sources, named_by_id=facts.named_by_id)
    return _RESULTS[verdict.authorized], verdict.says


def _tagged(facts: JoinFacts) -> Verdict:
    """Check the cluster's tag; Auto Mode sets its own one."""
    if facts.cluster is None:
        return no_cluster(facts)
    name, tags = facts.cluster.name, facts.instance.tags
    tag = f"{CLUSTER_TAG}{name}"
    if tags.get(tag) in ("owned", "shared") or tags.get("eks:eks-cluster-name") == name:
        return "passed", f"Tagged for cluster {clean(name)}."
    clusters = [key.removeprefix(CLUSTER_TAG) for key in tags if key.startswith(CLUSTER_TAG)]
    if tag in tags:
        return "failed", f"Tag {clean(tag)} is {clean(tags[tag])!r}: it must be owned or shared."
    if clusters:
        return "failed", f"Tagged for cluster {clean(clusters[0])}, not for {clean(name)}."
    return "failed", f"Tag {clean(tag)} is missing: set it to owned."


def _versions(facts: JoinFacts) -> Verdict:
    if facts.cluster is None:
        return no_cluster(facts)
    own, its = minor_of(facts.cluster.version), minor_of(facts.kubelet)
    if own is None or its is None:
        if facts.image is None and not facts.kubelet:
            cause, name = unread(facts, "ec2:DescribeImages"), facts.instance.image or "its AMI"
            return "unknown", f"The kubelet's version is unknown: {name} wasn't described{cause}."
        return "unknown", "The kubelet's version can't be read from the AMI's name."
    words = f"kubelet {its[0]}.{its[1]}, control plane {own[0]}.{own[1]}"
    if its > own:
        return (
            "failed",
            f"{words}: a newer kubelet isn't supported; choose an AMI of the cluster's version.",
        )
    # Source: Kubernetes "Version Skew Policy"; kubelets before 1.25 may be two behind.
    most, number = (2, "two") if its < (1, 25) else (3, "three")
    if own[1] - its[1] > most:
        return "failed", f"{words}: more than {number} minor versions behind; choose a newer AMI."
    return "passed", f"{words}."


def _certificates(facts: JoinFacts) -> Verdict:
    if facts.signing is None:
        return "unknown", "Certificate signing requests couldn't be read."
    names = {facts.instance.private_dns, facts.instance.id}
    users = {f"{_NODE_USER}{name}" for name in names if name}
    own = [row for row in facts.signing if row.user in users]
    for row in sorted(own, key=lambda row: row.created, reverse=True):
        name, age = row.name, human_duration(facts.now - row.created)
        if row.state in ("Pending", "Approved"):
            words = f"{name} has been {row.state} for {age}"
            if facts.now - row.created < _SIGNED_WITHIN:
                return "unknown", f"{words}."
            command = facts.commands.kubectl("get", "csr")
            return "failed", f"{words}: no signer has issued it (`{command}`)."
        if row.state in ("Denied", "Failed"):
            return "failed", f"{name} was {row.state} {age} ago: the kubelet gets no certificate."
        return "passed", f"{name} was issued {age} ago: the kubelet reached the API server."
    return "unknown", "The kubelet requested no certificate in the last hour."


def _short(arn: str) -> str:
    return clean(arn.rsplit("/", 1)[-1])


_CHECKS: tuple[tuple[str, Check], ...] = (
    ("Cluster is ACTIVE", _cluster_active),
    ("Instance is running", _running),
    ("Status checks", _checked),
    ("AMI", image_has_kubelet),
    ("Instance metadata", metadata_reached),
    ("VPC DNS", vpc_resolves),
    ("Route to the endpoint", routed),
    ("Endpoint access", endpoint_open),
    ("AWS services", services_reached),
    ("443 to the API server", reaches_api),
    ("443 to AWS services", services_allowed),
    ("10250 to the kubelet", kubelet_reached),
    ("DNS of pods", pods_resolve),
    ("Network ACLs", acls_pass),
    ("Node role authorized", _role_mapped),
    ("Cluster tag", _tagged),
    ("Version skew", _versions),
    ("Certificate requests", _certificates),
)
