"""The claims of a JSON Web Token, which is neither verified nor shown.

Source: RFC 7519.
"""

import base64
import json

from msgspec import Struct


class Claims(Struct, frozen=True):
    """The registered claims about the subject and the validity."""

    issuer: str = ""
    subject: str = ""
    audience: tuple[str, ...] = ()
    expires: float | None = None


def claims(token: str) -> Claims | None:
    """Return the claims of a token; None if it isn't a JWT."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        padded = parts[1] + "=" * (-len(parts[1]) % 4)
        payload = json.loads(base64.urlsafe_b64decode(padded))
    except (ValueError, RecursionError):
        return None
    if not isinstance(payload, dict):
        return None
    audience = payload.get("aud") or ()
    if not isinstance(audience, str | list):
        audience = ()
    return Claims(
        issuer=str(payload.get("iss") or ""),
        subject=str(payload.get("sub") or ""),
        audience=(audience,) if isinstance(audience, str) else tuple(map(str, audience)),
        expires=_time(payload.get("exp")),
    )


def _time(value: object) -> float | None:
    if not isinstance(value, int | float):
        return None
    try:
        return float(value)
    except OverflowError:
        return None
