"""A node's provider ID, which names where the node runs.

Source: cloud-provider-aws `MapToAWSInstanceID`, and what EKS writes for Fargate and hybrid nodes.
"""

import re
from typing import Literal, TypeAlias

from msgspec import Struct

from eksview.domain.kube.node_labels import FARGATE, instance_id

Where: TypeAlias = Literal["ec2", "fargate", "hybrid", "other", "none", "malformed"]

_HYBRID = re.compile(r"eks-hybrid:///[^/]+/[^/]+/[^/]+")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://.+")


class ProviderId(Struct, frozen=True, gc=False):
    """A parsed ID: `instance` only for `ec2`; `scheme` only for `other`: `kind`, `gce`, `azure`."""

    where: Where
    instance: str = ""
    scheme: str = ""


def parse_provider_id(text: str) -> ProviderId:
    """Parse an ID: `malformed` for an unreadable one of AWS, `none` for an empty one."""
    if not text:
        return ProviderId("none")
    if instance := instance_id(text):
        return ProviderId("ec2", instance)
    if FARGATE.fullmatch(text):
        return ProviderId("fargate")
    if _HYBRID.fullmatch(text):
        return ProviderId("hybrid")
    scheme = _SCHEME.fullmatch(text)
    if scheme is None or scheme[1] in ("aws", "eks-hybrid"):
        return ProviderId("malformed")
    return ProviderId("other", scheme=scheme[1])
