"""The checks of an instance itself: its AMI, its metadata service and its VPC's DNS.

Sources: Amazon EKS User Guide, "Create nodes with optimized Amazon Linux AMIs", "View Amazon EKS
networking requirements for VPC and subnets"; AWS re:Post, "How can I get my worker nodes to join
my Amazon EKS cluster?"; EC2 User Guide, "Use the Instance Metadata Service".
"""

import re
from typing import Literal, TypeAlias

from eksview.domain.base.text import clean
from eksview.domain.join.checks.join_facts import JoinFacts, Verdict, by_owner, unread
from eksview.domain.join.manager import manager_of
from eksview.domain.join.replacement import changeable
from eksview.domain.rows.aws import ImageRow, InstanceRow

Family: TypeAlias = Literal["AL2023", "AL2", "Bottlerocket", "Ubuntu", "Windows", "Auto Mode", ""]
"""An operating system with a kubelet, and by it the form of its user data."""

AMAZON, CANONICAL = "amazon", "099720109477"
_FAMILIES: tuple[tuple[str, Family], ...] = (
    (r"amazon-eks(?:-\w+)?-node-al2023-", "AL2023"),
    (r"amazon-eks(?:-\w+)?-node-", "AL2"),
    (r"bottlerocket-aws-k8s-", "Bottlerocket"),
    (r"ubuntu-eks(?:-pro)?/", "Ubuntu"),
    (r"windows_server-.*eks_optimized", "Windows"),
    (r"eks-auto-", "Auto Mode"),
)
"""The start of the names of the images that Amazon and Canonical publish for EKS."""
_PLAIN = (
    (r"al2023-ami-ecs|amzn2?-ami-ecs|bottlerocket-aws-ecs|windows_server-.*ecs_optimized", "ECS"),
    (r"al2023-ami-|amzn2?-ami-", "plain Amazon Linux"),
    (r"ubuntu/images|ubuntu-(?:minimal|pro)", "plain Ubuntu"),
    (r"windows_server-", "plain Windows Server"),
    (r"debian-|rhel[-_]|rocky-|suse-|opensuse-|fedora-|deep learning", "no EKS image"),
)
"""The start of the names of images without a kubelet, as their makers publish them."""
_MAKERS = (CANONICAL, "136693071363", "309956199498", "792107900819", "013907871322")
"""The accounts of Canonical, Debian, Red Hat, Rocky Linux and SUSE."""


def family_of(name: str) -> Family:
    """Return the system of an image that is made for EKS, by its name."""
    lower = name.lower()
    return next((family for start, family in _FAMILIES if re.match(start, lower)), "")


def image_has_kubelet(facts: JoinFacts) -> Verdict:
    """Check that the AMI is one for EKS; a custom one can't be judged by its name."""
    image, name = facts.image, facts.instance.image or "its AMI"
    if image is None:
        why = unread(facts, "ec2:DescribeImages")
        gone = "" if why.startswith(":") else ": deregistered, not shared or not read yet"
        return "unknown", f"{name} couldn't be described{gone}{why}."
    own, family = f"{image.id} ({image.name})", family_of(image.name)
    published = image.alias == AMAZON or image.owner in _MAKERS
    if family and (published or not (image.owner or image.alias)):
        return "passed", f"{own} is an image for EKS: {family}."
    if published and (plain := _plain(image)):
        advice = "choose an EKS optimized AMI, unless user data installs a kubelet"
        return "failed", f"{own} is {plain}, without a kubelet: {advice}."
    if published:
        return "unknown", f"{own} is none of the images for EKS by name: it may have no kubelet."
    words = f"{own} is a custom image of account {image.owner or 'unknown'}"
    copy = f", named like one for EKS ({family})" if family else ""
    return "unknown", f"{words}{copy}: unknown whether it has a kubelet and its bootstrap script."


def _plain(image: ImageRow) -> str:
    lower = image.name.lower()
    kind = next((kind for start, kind in _PLAIN if re.match(start, lower)), "")
    return "an image for ECS" if kind == "ECS" else kind


def metadata_reached(facts: JoinFacts) -> Verdict:
    """Check the metadata service, which has the role's credentials for the kubelet.

    A hop limit of 1 keeps only pods with a network namespace of their own from it.
    """
    instance = facts.instance
    endpoint, hops = instance.metadata_endpoint, instance.metadata_hops
    if endpoint == "disabled":
        return "failed", f"IMDS is off: the kubelet gets no credentials of its role{_on(facts)}."
    if not endpoint:
        return "unknown", "EC2 doesn't report the metadata options."
    version = "IMDSv2 required" if instance.metadata_tokens == "required" else "IMDSv1 and IMDSv2"
    words = f"IMDS is on, {version}, hop limit {hops}"
    if hops == 1 and manager_of(None, instance).kind != "auto":
        return "warned", (
            f"{words}: the kubelet isn't affected, but pods without hostNetwork get no IMDSv2 "
            "token; give them roles by Pod Identity or IRSA, or set the limit to 2."
        )
    return "passed", f"{words}."


def _on(facts: JoinFacts) -> str:
    if not changeable(facts.instance):
        return ""
    command = ("modify-instance-metadata-options", "--instance-id", facts.instance.id)
    return f": `{facts.commands.aws('ec2', *command, '--http-endpoint', 'enabled')}`"


def vpc_resolves(facts: JoinFacts) -> Verdict:
    """Check the DNS attributes of the instance's VPC, without which nodes can't register."""
    instance = facts.instance
    vpc = (facts.vpcs or {}).get(instance.vpc)
    if vpc is None:
        why = unread(facts, "ec2:DescribeVpcAttribute")
        return "unknown", f"The DNS attributes of {_vpc(instance)} couldn't be read{why}."
    off = [
        name
        for name, on in (
            ("enableDnsSupport", vpc.dns_support),
            ("enableDnsHostnames", vpc.dns_hostnames),
        )
        if not on
    ]
    if off:
        words = f"{' and '.join(off)} of {vpc.id} {'is' if len(off) == 1 else 'are'} off"
        return (
            "failed",
            f"{words}: nodes can't register without them; turn on both{by_owner(facts)}.",
        )
    return "passed", f"DNS resolution and DNS hostnames of {vpc.id} are on."


def _vpc(instance: InstanceRow) -> str:
    return clean(instance.vpc) or "its VPC"
