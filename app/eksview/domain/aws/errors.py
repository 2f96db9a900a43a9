"""What a failure of an AWS API means for a person: one sentence, and how to go on. Pure."""

import re
from collections.abc import Sequence
from typing import Literal, TypeAlias

from msgspec import Struct

from eksview.domain.base.text import clean

PROFILES = 8  # that a sentence names at most

RefusalKind: TypeAlias = Literal[
    "denied",
    "throttled",
    "expired",
    "no-credentials",
    "not-found",
    "broken",
    "unreachable",
    "other",
]


class AwsRefusal(Struct, frozen=True):
    """Why AWS didn't answer as hoped. `action` is the IAM action that is missing, when denied."""

    kind: RefusalKind
    sentence: str
    action: str = ""
    retry_after: float | None = None  # seconds


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
            "OptInRequired",
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
        }
    ),
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
GOES_ON = " Everything of Kubernetes goes on without."
_NOT_FOUND = re.compile(r".*NotFound(?:Exception)?|NoSuchEntity|.*\.NotFound|.*DoesNotExist")
_PERFORM = re.compile(r"perform:? ([\w-]+:\w+)")


def kind_of(code: str, status: int = 0) -> RefusalKind:
    """By the error's code, or by the HTTP status where the code says nothing."""
    bare = code.removeprefix("Client.").removeprefix("Server.")
    for kind, codes in _KINDS.items():
        if bare in codes:
            return kind
    if _NOT_FOUND.fullmatch(bare) or status == 404:
        return "not-found"
    if status == 429:
        return "throttled"
    return "broken" if status >= 500 else "denied" if status == 403 else "other"


def refusal_of(
    code: str,
    message: str,
    operation: str,
    *,
    status: int = 0,
    profile: str = "",
    retry_after: float | None = None,
) -> AwsRefusal:
    """What an error answer means; `operation` is `ec2:DescribeInstances`."""
    kind = kind_of(code, status)
    said = clean(message).strip().rstrip(".")
    if said.startswith("<"):  # a web page: botocore takes it for the message
        return AwsRefusal("broken", not_aws(operation))
    action = ""
    if kind == "denied":
        found = _PERFORM.search(message)
        action = found[1] if found else operation
    what = _Answer(kind, clean(code) or str(status), said, action or operation, profile)
    return AwsRefusal(kind, _sentence(what), action, retry_after)


class _Answer(Struct, frozen=True):
    """An error answer, as far as its sentence depends on it."""

    kind: RefusalKind
    code: str
    said: str
    action: str
    profile: str


def _sentence(answer: _Answer) -> str:
    action, code, said = answer.action, answer.code, answer.said
    match answer.kind:
        case "denied":
            return f"Not permitted: allow {action} to these AWS credentials."
        case "throttled":
            return f"AWS asks for patience with {action} ({code}); asking less often."
        case "expired":
            return expired(answer.profile)
        case "no-credentials":
            return f"AWS doesn't accept these credentials ({code}): {login(answer.profile)}."
        case "not-found":
            return f"{action}: {said or 'not found'}."
    return f"{action} failed with {code}" + (f": {said}." if said else ".")


def expired(profile: str) -> str:
    """For credentials that have ended; what holds for an SSO session holds for all."""
    return f"The AWS credentials have expired: {login(profile)}."


def login(profile: str) -> str:
    """What to do about credentials that aren't there or aren't good."""
    if profile:
        return f"run `aws sso login --profile {clean(profile)}`, or renew that profile"
    return "log in again with `aws sso login` or renew them"


def missing_credentials(profile: str) -> str:
    """For credentials that can't be found at all."""
    if profile:
        return f"The AWS profile {clean(profile)} gives no credentials: {login(profile)}."
    return (
        "No AWS credentials were found: name a profile with --profile, or log in with "
        f"`aws configure sso`.{GOES_ON}"
    )


def missing_profile(profile: str, configured: Sequence[str] = ()) -> str:
    """Return the sentence for a profile that isn't among the configured ones."""
    names = ", ".join(map(clean, configured[:PROFILES]))
    more = f" and {len(configured) - PROFILES} more" if len(configured) > PROFILES else ""
    return (
        f"There is no AWS profile {clean(profile)}: correct --profile, AWS_PROFILE or the "
        f"kubeconfig. {f'Configured: {names}{more}.' if names else 'No profile is configured.'}"
    )


def mfa_wanted(profile: str) -> str:
    """For a profile that asks for a code."""
    name = clean(profile) or "default"
    return (
        f"The AWS profile {name} wants an MFA code, which can't be asked for under a dashboard: "
        f"run `aws sts get-caller-identity --profile {name}` in another terminal first."
    )


def unreachable(operation: str, why: str) -> str:
    """For an endpoint that doesn't answer."""
    return f"AWS can't be reached for {operation} ({clean(why)}): check the network and proxies."


def not_aws(operation: str) -> str:
    """For an answer that is none of AWS's: a proxy's or a portal's page, mostly."""
    return (
        f"What answered {operation} isn't AWS: check the proxies in between and AWS_ENDPOINT_URL."
    )


def no_cluster(name: str, region: str) -> str:
    """EKS was asked for a cluster by a name that isn't there."""
    return (
        f"EKS knows no cluster {clean(name)} in {region} of this account: correct --cluster, "
        "--region or --profile; `eksview get clusters` lists them."
    )


def no_region() -> str:
    """Where nothing names a region."""
    return "No AWS region is known: name one with --region or AWS_REGION."
