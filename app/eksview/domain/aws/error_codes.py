"""The kinds of failures of AWS APIs, by the codes of their errors."""

import re
from typing import Literal, TypeAlias

RefusalKind: TypeAlias = Literal[
    "denied",
    "throttled",
    "expired",
    "no-credentials",
    "not-found",
    "not-enabled",
    "broken",
    "unreachable",
    "other",
]

_KINDS: dict[RefusalKind, frozenset[str]] = {
    "throttled": frozenset(
        {
            "Throttling",
            "ThrottlingException",
            "ThrottledException",
            "RequestLimitExceeded",
            "RequestThrottled",
            "RequestThrottledException",
            "TooManyRequestsException",
            "BandwidthLimitExceeded",
            "PriorRequestNotComplete",
            "SlowDown",
            "EC2ThrottledException",
        }
    ),
    "denied": frozenset(
        {
            "AccessDenied",
            "AccessDeniedException",
            "UnauthorizedOperation",
            "UnauthorizedAccess",
            "NotAuthorized",
            "AuthorizationError",
        }
    ),
    "expired": frozenset(
        {"ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "RequestExpired"}
    ),
    "no-credentials": frozenset(
        {
            "InvalidClientTokenId",
            "UnrecognizedClientException",
            "AuthFailure",
            "SignatureDoesNotMatch",
            "InvalidSignatureException",
            "InvalidAccessKeyId",
            "MissingAuthenticationToken",
            "IncompleteSignature",
            "InvalidIdentityToken",
            "RequestTimeTooSkewed",
        }
    ),
    "not-enabled": frozenset({"OptInRequired", "SubscriptionRequiredException"}),
    "broken": frozenset(
        {
            "InternalError",
            "InternalFailure",
            "InternalServerError",
            "InternalServerException",
            "ServiceUnavailable",
            "ServiceUnavailableException",
            "ServerException",
            "Unavailable",
        }
    ),
}
_NOT_FOUND = re.compile(r".*NotFound(?:Exception)?|NoSuchEntity|.*\.NotFound|.*DoesNotExist")


def kind_of(code: str, status: int = 0) -> RefusalKind:
    """Return the kind by the error's code, or by the HTTP status for an unknown code."""
    bare = code.removeprefix("Client.").removeprefix("Server.")
    for kind, codes in _KINDS.items():
        if bare in codes:
            return kind
    if _NOT_FOUND.fullmatch(bare) or status == 404:
        return "not-found"
    if status == 429:
        return "throttled"
    return "broken" if status >= 500 else "denied" if status == 403 else "other"
