"""A node's provider ID, which names where the node runs.

Source: cloud-provider-aws `MapToAWSInstanceID`, and what EKS writes for Fargate and hybrid nodes
and SageMaker for those of HyperPod.
"""

import re
from typing import Literal, TypeAlias

from msgspec import Struct

from eksview.domain.kube.node_labels import FARGATE, HYPERPOD, instance_id

Where: TypeAlias = Literal["ec2", "fargate", "hybrid", "hyperpod", "other", "none", "malformed"]

_NOT_OF_ACCOUNT: tuple[tuple[Where, re.Pattern[str]], ...] = (
    ("fargate", FARGATE),
    ("hyperpod", HYPERPOD),
    ("hybrid", re.compile(r"eks-hybrid:///[^/]+/[^/]+/[^/]+")),
)
"""The forms of nodes that EC2 doesn't list in the cluster's account."""
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
    for where, form in _NOT_OF_ACCOUNT:
        if form.fullmatch(text):
            return ProviderId(where)
    scheme = _SCHEME.fullmatch(text)
    if scheme is None or scheme[1] in ("aws", "eks-hybrid"):
        return ProviderId("malformed")
    return ProviderId("other", scheme=scheme[1])
