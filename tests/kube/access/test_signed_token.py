"""What is shown of an EKS token, which botocore signs: everything but what would prove anything."""

import base64
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import boto3
import msgspec
from botocore.signers import RequestSigner

from eksview.kube.access.self_review import credential_fact
from eksview.kube.client.cluster_access import ClusterAccess
from eksview.kube.client.exec_plugin import Credential

KEY, SECRET, SESSION = "ASIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMIK7MDENGbPxRfiCY", "IQoJb3JpZ2luX2Vj"


def signed_url() -> str:
    """Return the URL of a token, made as `aws eks get-token` makes it."""
    session = boto3.Session(KEY, SECRET, SESSION, region_name="us-west-2")
    client = session.client("sts")
    signer = RequestSigner(
        client.meta.service_model.service_id, "us-west-2", "sts", "v4",
        session.get_credentials(), session.events,
    )  # fmt: skip
    request = {
        "method": "GET",
        "url": "https://sts.us-west-2.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15",
        "body": {},
        "headers": {"x-k8s-aws-id": "prod"},
        "context": {},
    }
    return str(signer.generate_presigned_url(request, "us-west-2", 60, ""))


async def test_the_parts_of_a_token_are_read_without_its_signature() -> None:
    url = signed_url()
    query = parse_qs(urlsplit(url).query)
    token = "k8s-aws-v1." + base64.urlsafe_b64encode(url.encode()).decode().rstrip("=")

    async def credential() -> Credential:
        return Credential(token)

    access = ClusterAccess("prod", "prod", "https://x", "me", "", "/config")
    fact = await credential_fact(
        SimpleNamespace(access=access, credential=credential, credential_took=None)
    )
    assert fact.token is not None
    assert fact.token.host == "sts.us-west-2.amazonaws.com"
    assert fact.token.headers == query["X-Amz-SignedHeaders"][0] == "host;x-k8s-aws-id"
    assert fact.expires == fact.token.signed + 900
    assert fact.token.key == "ASIA…MPLE"
    shown = msgspec.json.encode(fact.token).decode()
    for secret in (query["X-Amz-Signature"][0], query["X-Amz-Security-Token"][0], KEY, token):
        assert secret not in shown
