"""Failures of AWS APIs as sentences that say what to do. Pure."""

import re
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from eksview.domain.aws import denial
from eksview.domain.aws.credential_errors import SKEW, Caller, expired, opt_in, unaccepted
from eksview.domain.aws.error_codes import RefusalKind, kind_of
from eksview.domain.base.reading import ReadFailed, Reading, Refused
from eksview.domain.base.secrets import mask
from eksview.domain.base.text import EMPTY, Clean, clean

T = TypeVar("T")
_PERFORM = re.compile(r"perform:? ([\w-]+:\w+)")


class AwsRefusal(Struct, frozen=True):
    """A failed call; `action` is the missing IAM action of a denied one."""

    kind: RefusalKind
    sentence: Clean
    action: Clean = EMPTY
    retry_after: float | None = None  # seconds
    code: Clean = EMPTY  # AWS's, where AWS answered

    @property
    def passing(self) -> bool:
        """Return whether AWS itself said that a later call may succeed."""
        return self.kind == "throttled" or (self.kind == "broken" and bool(self.code))

    @property
    def of_credentials(self) -> bool:
        """Return whether credentials are missing or have expired."""
        return self.kind in ("expired", "no-credentials")

    @property
    def of_every_call(self) -> bool:
        """Return whether the other calls would fail in the same way."""
        return self.of_credentials or self.kind in ("throttled", "unreachable")


def refused(
    kind: RefusalKind,
    sentence: str,
    action: str = "",
    retry_after: float | None = None,
    code: str = "",
) -> AwsRefusal:
    """Return a refusal whose texts may be drawn."""
    return AwsRefusal(kind, clean(sentence), clean(action), retry_after, clean(code))


def still_throttled(refusal: AwsRefusal, action: str, limit: float) -> AwsRefusal:
    """Return the refusal of a call that was throttled for so many seconds."""
    if refusal.kind != "throttled":
        return refusal
    return replace(
        refusal,
        sentence=clean(
            f"AWS throttled {action} for {limit:.0f} s ({refusal.code}): try again in a minute."
        ),
    )


def unread(
    refusal: AwsRefusal, at: float, last: T | None = None, read_at: float | None = None
) -> Reading[T]:
    """Return a refusal as a reading: refused for a missing IAM action, else failed."""
    if refusal.kind == "denied":
        return Refused(refusal.sentence, refusal.action or None, at, last, read_at)
    return ReadFailed(refusal.sentence, at, last, read_at)


def refusal_of(
    code: str,
    message: str,
    operation: str,
    caller: Caller,
    *,
    status: int = 0,
    retry_after: float | None = None,
) -> AwsRefusal:
    """Return the refusal of an error answer; `operation` is such as `ec2:DescribeInstances`."""
    kind = kind_of(code, status)
    text = clean(mask(message)).strip().rstrip(".")
    if text.startswith("<"):  # a web page: botocore takes it for the message
        return refused("broken", not_aws(operation))
    code = clean(code) or str(status)
    if kind == "denied":
        match = _PERFORM.search(message)
        action = match[1] if match else operation
        return refused(kind, denial.denied(action, text), action, retry_after, code)
    if kind == "no-credentials" or _of_time(code, caller):
        sentence = unaccepted(code, text, caller)
    elif kind == "expired":
        sentence = expired(caller)
    else:
        sentence = _failed(kind, code, text, operation, caller.region)
    return refused(kind, sentence, "", retry_after, code)


def _of_time(code: str, caller: Caller) -> bool:
    """Check for RequestExpired by a wrong clock, which EC2 also answers to an expired token."""
    return code.endswith("RequestExpired") and abs(caller.ahead or 0.0) >= SKEW


def _failed(kind: RefusalKind, code: str, text: str, action: str, region: str) -> str:
    match kind:
        case "throttled":
            return f"AWS is throttling {action} ({code}); calling it less often."
        case "not-found":
            return f"{action}: {text or 'not found'}."
        case "not-enabled":
            what = f"the service or {clean(region)}" if opt_in(region) else "the service"
            return f"{action} isn't available ({code}): enable {what} in the account."
    return f"{action} failed with {code}" + (f": {text}." if text else ".")


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


def unreachable(operation: str, reason: str, region: str = "") -> str:
    """Return the sentence for an endpoint to which there is no connection."""
    named = f", and whether {clean(region)} is the right region" if region else ""
    return (
        f"AWS can't be reached for {operation} ({clean(reason)}): check the network and "
        f"proxies{named}."
    )


def silent(operation: str) -> str:
    """Return the sentence for an endpoint that took the request and doesn't answer."""
    return f"AWS didn't answer {operation} in time: eksview asks again; check proxies if it lasts."


def closed(operation: str) -> str:
    """Return the sentence for a connection that was closed before the answer was complete."""
    return (
        f"The connection for {operation} was closed before AWS had answered: check proxies and "
        "firewalls if it lasts."
    )


def untrusted(operation: str) -> str:
    """Return the sentence for a certificate that isn't trusted, mostly that of a proxy."""
    return (
        f"The certificate of the server that answered {operation} isn't trusted: check proxies, "
        "and name their CA in AWS_CA_BUNDLE."
    )


def proxy_failed(operation: str, proxy: str) -> str:
    """Return the sentence for a proxy that refuses, or to which there is no connection."""
    return (
        f"The proxy {clean(mask(proxy)) or 'for AWS'} gave no connection for {operation}: check "
        "the proxy, or HTTPS_PROXY and NO_PROXY."
    )


def proxy_wants_login(operation: str) -> str:
    """Return the sentence for a proxy that wants credentials."""
    return (
        f"A proxy wants credentials for {operation} (407): add them to HTTPS_PROXY, or name AWS's "
        "hosts in NO_PROXY."
    )


def unreadable(path: str, reason: str) -> str:
    """Return the sentence for a file that can't be read, such as a CA bundle or an SSO token."""
    return f"{clean(path)} can't be read for AWS calls ({clean(reason)}): correct it."


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
