"""Failures of AWS APIs as sentences that say what to do. Pure."""

import re
from collections.abc import Sequence
from typing import Literal, TypeAlias

from msgspec import Struct

from eksview.domain.base.secrets import mask
from eksview.domain.base.text import EMPTY, Clean, clean
from eksview.domain.live.command_context import CommandContext

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
    """A failed call; `action` is the missing IAM action of a denied one."""

    kind: RefusalKind
    sentence: Clean
    action: Clean = EMPTY
    retry_after: float | None = None  # seconds

    @property
    def of_credentials(self) -> bool:
        """Return whether credentials are missing or have expired."""
        return self.kind in ("expired", "no-credentials")


def refused(
    kind: RefusalKind, sentence: str, action: str = "", retry_after: float | None = None
) -> AwsRefusal:
    """Return a refusal whose texts may be drawn."""
    return AwsRefusal(kind, clean(sentence), clean(action), retry_after)


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
GOES_ON = " The Kubernetes part works without them."
_NOT_FOUND = re.compile(r".*NotFound(?:Exception)?|NoSuchEntity|.*\.NotFound|.*DoesNotExist")
_PERFORM = re.compile(r"perform:? ([\w-]+:\w+)")


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


def refusal_of(
    code: str,
    message: str,
    operation: str,
    *,
    status: int,
    commands: CommandContext,
    sso: bool,
    retry_after: float | None,
) -> AwsRefusal:
    """Return the refusal of an error answer; `operation` is such as `ec2:DescribeInstances`."""
    kind = kind_of(code, status)
    text = clean(mask(message)).strip().rstrip(".")
    if text.startswith("<"):  # a web page: botocore takes it for the message
        return refused("broken", not_aws(operation))
    action = ""
    if kind == "denied":
        match = _PERFORM.search(message)
        action = match[1] if match else operation
    answer = _Answer(kind, clean(code) or str(status), text, action or operation, commands, sso)
    return refused(kind, _sentence(answer), action, retry_after)


class _Answer(Struct, frozen=True):
    """The parts of an error answer that its sentence needs."""

    kind: RefusalKind
    code: str
    text: str
    action: str
    commands: CommandContext
    sso: bool


def _sentence(answer: _Answer) -> str:
    action, code, text = answer.action, answer.code, answer.text
    match answer.kind:
        case "denied":
            return f"Access denied: allow {action} for these AWS credentials."
        case "throttled":
            return f"AWS is throttling {action} ({code}); calling it less often."
        case "expired":
            return expired(answer.commands, sso=answer.sso)
        case "no-credentials":
            todo = login(answer.commands, sso=answer.sso)
            return f"AWS doesn't accept these credentials ({code}): {todo}."
        case "not-found":
            return f"{action}: {text or 'not found'}."
    return f"{action} failed with {code}" + (f": {text}." if text else ".")


def expired(commands: CommandContext, *, sso: bool = True) -> str:
    """Return the sentence for expired credentials, of an SSO session or others."""
    return f"The AWS credentials have expired: {login(commands, sso=sso)}."


def login(commands: CommandContext, *, sso: bool = True) -> str:
    """Return what to do about missing or invalid credentials of the commands' profile.

    `sso` says that the profile may use IAM Identity Center.
    """
    profile, command = commands.profile, clean(commands.login())
    if not sso:
        return f"renew those of profile {clean(profile)}" if profile else "renew them"
    if profile:
        return f"run `{command}`, or renew that profile"
    return f"log in again with `{command}` or renew them"


def missing_credentials(commands: CommandContext, *, sso: bool) -> str:
    """Return the sentence for missing credentials."""
    profile = commands.profile
    if profile and not sso:
        return (
            f"The AWS profile {clean(profile)} has no credentials: add them, or name another "
            "profile with --profile."
        )
    if profile:
        return f"The AWS profile {clean(profile)} has no credentials: {login(commands)}."
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


def unusable_configuration(profile: str, detail: str) -> str:
    """Return the sentence for an AWS configuration that can't be followed, such as a loop."""
    detail = clean(detail).strip().rstrip(".")
    of = f" of profile {clean(profile)}" if profile else ""
    return f"The AWS configuration{of} can't be used: {detail}."


def mfa_wanted(commands: CommandContext) -> str:
    """Return the sentence for a profile that needs an MFA code."""
    name = clean(commands.profile) or "default"
    return (
        f"The AWS profile {name} needs an MFA code, which a dashboard can't ask for: "
        f"run `{clean(commands.aws('sts', 'get-caller-identity'))}` in another terminal first."
    )


def process_hangs(name: str, limit: float) -> str:
    """Return the sentence for a `credential_process` that doesn't end."""
    return (
        f"The credential_process {clean(name)} of the AWS profile didn't answer within "
        f"{limit:.0f} s: run it by hand to see what it waits for."
    )


def process_unstarted(name: str, reason: str) -> str:
    """Return the sentence for a `credential_process` that isn't a program."""
    return (
        f"The credential_process {clean(name)} of the AWS profile can't be run "
        f"({clean(reason)}): correct ~/.aws/config."
    )


def process_failed(name: str, code: int, complaint: str) -> str:
    """Return the sentence for a `credential_process` with an exit code."""
    reason = f": {complaint}" if complaint else " and printed no error."
    return f"The credential_process {clean(name)} failed with exit code {code}{reason}"


def process_unreadable(name: str) -> str:
    """Return the sentence for the output of a `credential_process`, which may be a secret."""
    return (
        f"The credential_process {clean(name)} of the AWS profile printed something that isn't a "
        "credential: run it by hand, or update it."
    )


def unreachable(operation: str, reason: str) -> str:
    """Return the sentence for an endpoint that doesn't answer."""
    return f"AWS can't be reached for {operation} ({clean(reason)}): check the network and proxies."


def not_aws(operation: str) -> str:
    """Return the sentence for the answer of a proxy or portal instead of AWS."""
    return f"The server that answered {operation} isn't AWS: check proxies and AWS_ENDPOINT_URL."


def redirected(operation: str, target: str) -> str:
    """Return the sentence for a redirect, by which no API of AWS answers."""
    return (
        f"{operation} was redirected to {clean(target)}, where no credentials are sent: check "
        "proxies and AWS_ENDPOINT_URL."
    )


def no_cluster(name: str, region: str) -> str:
    """Return the sentence for a cluster that EKS doesn't have."""
    return (
        f"EKS has no cluster {clean(name)} in {region} of this account: correct --cluster, "
        "--region or --profile; `eksview get clusters` lists them."
    )


def no_region() -> str:
    """Return the sentence for a missing region."""
    return "No AWS region: name one with --region or AWS_REGION."
