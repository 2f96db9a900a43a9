"""The bearer token of EKS: a presigned GetCallerIdentity URL, whose signature is never shown.

Source: aws-iam-authenticator, `pkg/token`: a token is accepted for 15 minutes after X-Amz-Date,
whatever X-Amz-Expires says.
"""

import base64
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

from msgspec import Struct

PREFIX = "k8s-aws-v1."
LIFE = 900.0  # seconds


class EksToken(Struct, frozen=True):
    """The readable parts of a token."""

    signed: float
    key_id: str  # of the access key that signed it
    host: str = ""  # of STS
    headers: str = ""  # names of the signed headers: `host;x-k8s-aws-id`

    @property
    def ends(self) -> float:
        """Return when the authenticator stops accepting it."""
        return self.signed + LIFE


def read_token(token: str) -> EksToken | None:
    """Return the parts of a token; None if it isn't one of EKS, or can't be read."""
    if not token.startswith(PREFIX):
        return None
    encoded = token.removeprefix(PREFIX)
    try:
        url = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
        address = urlsplit(url)
        query = {name.lower(): values[0] for name, values in parse_qs(address.query).items()}
        signed = datetime.strptime(query["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        key_id = query["x-amz-credential"].split("/")[0]
        host = address.hostname or ""
    except (ValueError, KeyError):
        return None
    return EksToken(signed.timestamp(), key_id, host, query.get("x-amz-signedheaders", ""))
