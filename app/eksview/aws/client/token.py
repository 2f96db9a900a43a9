"""The bearer token of an EKS cluster, as `aws eks get-token` prints it.

It is a presigned STS GetCallerIdentity URL, in base64url without padding. Sources: AWS CLI
reference, "eks get-token"; aws-iam-authenticator's "API Authorization from Outside a Cluster".
"""

import base64
from datetime import UTC, datetime
from typing import Any

from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from msgspec import Struct

from eksview.domain.access.eks_token import PREFIX

LIFE = 14 * 60.0
"""Seconds after which the CLI calls a token expired: a minute before the cluster does."""
EXPIRES = 60  # seconds, as the authenticator requires


class StsEndpoint(Struct, frozen=True):
    """The URL of an STS of AWS, and the region that its requests are signed for."""

    url: str
    region: str


def mint(credentials: Any, cluster: str, sts: StsEndpoint, now: float) -> tuple[str, float]:
    """Return the token and when it ends; `credentials` are frozen, `now` in epoch seconds."""
    request = AWSRequest(
        method="GET",
        url=f"{sts.url}/",
        params={"Action": "GetCallerIdentity", "Version": "2011-06-15"},
        headers={"x-k8s-aws-id": cluster},
    )
    # The steps of botocore's `add_auth`, which takes no time and logs the signature.
    signer = SigV4QueryAuth(credentials, "sts", sts.region, expires=EXPIRES)
    request.context["timestamp"] = datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%SZ")
    signer._modify_request_before_signing(request)
    to_sign = signer.string_to_sign(request, signer.canonical_request(request))
    signer._inject_signature_to_request(request, signer.signature(to_sign, request))
    token = base64.urlsafe_b64encode(request.url.encode()).decode().rstrip("=")
    return PREFIX + token, now + LIFE
