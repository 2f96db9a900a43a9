"""The signature of requests to Amazon Managed Service for Prometheus (SigV4, service `aps`)."""

from collections.abc import Mapping

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from eksview.aws.client.session import AwsSession

SERVICE = "aps"


async def signed_headers(session: AwsSession, url: str, region: str) -> Mapping[str, str]:
    """Return the headers of a GET that the session's identity signs."""
    frozen = await (await session.credentials()).get_frozen_credentials()
    credentials = Credentials(frozen.access_key, frozen.secret_key, frozen.token)
    request = AWSRequest("GET", url)
    SigV4Auth(credentials, SERVICE, region).add_auth(request)
    return dict(request.headers.items())
