"""Failures of AWS credentials as sentences with the remedy for where they come from. Pure."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal, TypeAlias

from msgspec import Struct

from eksview.domain.base.age import human_duration
from eksview.domain.base.text import clean
from eksview.domain.live.command_context import CommandContext

PROFILES = 8  # that a sentence names at most
SKEW = 300.0  # seconds; AWS refuses signatures of older and newer times
_ENABLED = re.compile(
    r"(?:us-(?:east|west)|eu-west|ap-(?:northeast|southeast))-[12]"
    r"|eu-west-3|ap-northeast-3|(?:ca-central|sa-east|eu-central|eu-north|ap-south)-1"
)
"""The regions of the partition aws that every account has; accounts enable all later ones.

Source: AWS Account Management Reference Guide, "Enable or disable AWS Regions in your account".
"""
_OTHER_PARTITIONS = ("cn-", "us-gov-", "us-iso", "eu-iso", "eusc-")
_UNSIGNED = re.compile(
    r"Signature (?:expired|not yet current): (?P<own>\d{8}T\d{6}Z) is .*?\((?P<aws>\d{8}T\d{6}Z)"
)

SourceKind: TypeAlias = Literal[
    "environment", "kubeconfig", "keys", "sso", "process", "web-identity", "unknown"
]


class CredentialSource(Struct, frozen=True):
    """Where credentials come from; `profile` is the one that has the keys or the SSO session.

    It differs from the profile in use where that one assumes a role from another. `temporary` keys
    have a session token, which expires; static ones are refused once they are deleted or inactive.
    """

    kind: SourceKind = "unknown"
    profile: str = ""
    temporary: bool = False


class Caller(Struct, frozen=True):
    """The caller of AWS: its commands and credentials, the region, and this machine's clock."""

    commands: CommandContext = CommandContext()
    source: CredentialSource = CredentialSource()
    region: str = ""
    ahead: float | None = None  # seconds of this machine's clock before AWS's; None for unknown


def expired(caller: Caller) -> str:
    """Return the sentence for expired credentials."""
    if caller.source.temporary:
        return f"The session token of the AWS credentials has expired: {renewal(caller)}."
    return f"The AWS credentials have expired: {renewal(caller)}."


def renewal(caller: Caller) -> str:
    """Return how credentials of a source are renewed.

    `aws sso login` refuses a profile without an SSO session of its own.
    """
    source, profile = caller.source, clean(caller.source.profile or caller.commands.profile)
    if source.kind == "sso":
        return f"run `{clean(caller.commands.login(source.profile))}`"
    if source.kind in _RENEWALS:
        keys = "temporary keys" if source.temporary else "static keys"
        return _RENEWALS[source.kind].format(keys=keys, profile=profile or "default")
    return f"renew those of profile {profile}" if profile else "renew them"


_RENEWALS: dict[SourceKind, str] = {
    "environment": "they are {keys} in the environment (AWS_ACCESS_KEY_ID); set new ones and "
    "start eksview again",
    "kubeconfig": "they are {keys} in the exec block of the kubeconfig; set new ones there",
    "keys": "they are {keys} of profile {profile}; set new ones",
    "process": "run the credential_process of profile {profile} by hand to see what it needs",
    "web-identity": "have the web identity token (AWS_WEB_IDENTITY_TOKEN_FILE) renewed",
}


def unaccepted(code: str, message: str, caller: Caller) -> str:
    """Return the sentence for credentials that AWS doesn't accept."""
    signed = _signed_ahead(message)
    ahead = caller.ahead if signed is None else signed
    if ahead is not None and abs(ahead) >= SKEW:
        side = "ahead of" if ahead > 0 else "behind"
        return (
            f"AWS refuses the signature ({code}) because this machine's clock is "
            f"{human_duration(abs(ahead))} {side} AWS's: set the clock."
        )
    todo, region = renewal(caller), caller.region
    if opt_in(region):
        return (
            f"AWS doesn't accept these credentials in {clean(region)} ({code}): enable that region "
            f"in the account, where it is off by default; if it is on, {todo}."
        )
    return f"AWS doesn't accept these credentials ({code}): {todo}."


def opt_in(region: str) -> bool:
    """Check for a region that an account has only after it was enabled."""
    own = region.startswith(_OTHER_PARTITIONS)
    return bool(region) and not own and not _ENABLED.fullmatch(region)


def _signed_ahead(message: str) -> float | None:
    """Return the seconds from AWS's clock to the signature's: AWS reports both times."""
    match = _UNSIGNED.search(message)
    if match is None:
        return None
    own, aws = (
        datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        for stamp in (match["own"], match["aws"])
    )
    return (own - aws).total_seconds()


def missing_credentials(caller: Caller) -> str:
    """Return the sentence for missing credentials."""
    profile = clean(caller.commands.profile)
    if not profile:
        return (
            "No AWS credentials were found: name a profile with --profile, or add one with "
            "`aws configure sso` or `aws configure`."
        )
    if caller.source.kind == "sso":
        return f"The AWS profile {profile} has no credentials: {renewal(caller)}."
    return (
        f"The AWS profile {profile} has no credentials: add them, or name another profile with "
        "--profile."
    )


def partial_credentials(missing: str) -> str:
    """Return the sentence for credentials without one of their parts, such as the secret key."""
    return f"The AWS credentials are incomplete: {clean(missing)} is missing."


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


def mfa_wanted(caller: Caller) -> str:
    """Return the sentence for a profile that needs an MFA code."""
    name = clean(caller.commands.profile) or "default"
    command = clean(caller.commands.aws("sts", "get-caller-identity"))
    return (
        f"The AWS profile {name} needs an MFA code, which a dashboard can't ask for: "
        f"run `{command}` in another terminal first."
    )
