"""What a JSON Web Token says of itself. The token isn't verified and never shown.

Source: RFC 7519.
"""

import base64
import binascii
import json

from msgspec import Struct


class Claims(Struct, frozen=True):
    """The registered claims that say whose token it is and for how long."""

    issuer: str = ""
    subject: str = ""
    audience: tuple[str, ...] = ()
    issued: float | None = None
    expires: float | None = None


def claims(token: str) -> Claims | None:
    """None for anything that isn't a JWT."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        padded = parts[1] + "=" * (-len(parts[1]) % 4)
        said = json.loads(base64.urlsafe_b64decode(padded))
    except (ValueError, binascii.Error):
        return None
    if not isinstance(said, dict):
        return None
    audience = said.get("aud") or ()
    return Claims(
        issuer=str(said.get("iss") or ""),
        subject=str(said.get("sub") or ""),
        audience=(audience,) if isinstance(audience, str) else tuple(map(str, audience)),
        issued=_time(said.get("iat")),
        expires=_time(said.get("exp")),
    )


def _time(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
