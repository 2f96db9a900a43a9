"""botocore's exceptions as refusals with their sentences."""

import re
from asyncio import TimeoutError as AsyncTimeout
from collections.abc import Mapping
from typing import Any, TypeAlias

from botocore import exceptions
from botocore.parsers import ResponseParserError

from eksview.aws.client.credential_process import CredentialProcessFailed
from eksview.aws.client.http_session import RedirectedError
from eksview.aws.client.profiles import may_use_sso, profile_names
from eksview.domain.aws import errors
from eksview.domain.aws.errors import AwsRefusal, refused
from eksview.domain.aws.target import AwsTarget
from eksview.domain.live.command_context import CommandContext, context_of
from eksview.domain.live.retry import retry_after_seconds

Answer: TypeAlias = dict[str, Any]

_SSO = (
    exceptions.TokenRetrievalError,
    exceptions.UnauthorizedSSOTokenError,
    exceptions.SSOTokenLoadError,
    exceptions.SSOError,
)
_NO_CREDENTIALS = (
    exceptions.NoCredentialsError,
    exceptions.PartialCredentialsError,
    exceptions.CredentialRetrievalError,
    exceptions.MetadataRetrievalError,
)
_CONFIGURATION = (
    exceptions.InfiniteLoopConfigError,
    exceptions.InvalidConfigError,
    exceptions.ConfigParseError,
    exceptions.ConfigNotFound,
)

_UNREACHABLE = (exceptions.HTTPClientError, exceptions.ConnectionError, OSError, AsyncTimeout)


class MfaWanted(Exception):  # noqa: N818 - not an error
    """A profile's role needs an MFA code, which a dashboard can't ask for."""


def from_exception(
    error: BaseException, operation: str, place: AwsTarget, environ: Mapping[str, str]
) -> AwsRefusal:
    """Return the refusal for an exception of an operation such as `ec2:DescribeInstances`."""
    commands = context_of(environ, region=place.region, profile=place.profile)
    if isinstance(error, exceptions.ClientError):
        return _answered(error.response, operation, commands, environ)
    if isinstance(error, CredentialProcessFailed):
        return refused("no-credentials", str(error))
    if isinstance(error, exceptions.NoRegionError):
        return refused("other", errors.no_region())
    if broken := _not_of_aws(error, operation):
        return refused("broken", broken)
    if isinstance(error, _UNREACHABLE):
        return refused("unreachable", errors.unreachable(operation, _words(error)))
    # Its text may hold a URL with a signature, so only its type is shown.
    failed = refused("other", f"{operation} failed ({type(error).__name__}).")
    return _of_credentials(error, commands, environ) or failed


def _not_of_aws(error: BaseException, operation: str) -> str:
    """Return the sentence for an answer that isn't of AWS; empty for other exceptions."""
    if isinstance(error, exceptions.HTTPClientError):
        cause = error.kwargs.get("error")
        is_redirect = isinstance(cause, RedirectedError)
        return errors.redirected(operation, cause.target) if is_redirect else ""
    # A page of HTML parses as XML, in which botocore then misses the result: a KeyError.
    is_page = isinstance(error, (ResponseParserError, KeyError))
    return errors.not_aws(operation) if is_page else ""


def _of_credentials(
    error: BaseException, commands: CommandContext, environ: Mapping[str, str]
) -> AwsRefusal | None:
    """Return the refusal for missing or expired credentials; None for other exceptions."""
    profile = commands.profile
    if isinstance(error, MfaWanted):
        return refused("no-credentials", errors.mfa_wanted(commands))
    if isinstance(error, _SSO):
        return refused("expired", errors.expired(commands))
    if isinstance(error, exceptions.ProfileNotFound):
        name = profile or str(error.kwargs.get("profile") or "")
        return refused("no-credentials", errors.missing_profile(name, profile_names(environ)))
    if isinstance(error, _NO_CREDENTIALS):
        sentence = errors.missing_credentials(commands, sso=may_use_sso(profile, environ))
        return refused("no-credentials", sentence)
    if isinstance(error, _CONFIGURATION):  # names profiles and files, and no value of theirs
        return refused("no-credentials", errors.unusable_configuration(profile, str(error)))
    return None


def _answered(
    response: Any, operation: str, commands: CommandContext, environ: Mapping[str, str]
) -> AwsRefusal:
    error = response.get("Error") or {}
    metadata = response.get("ResponseMetadata") or {}
    headers = metadata.get("HTTPHeaders") or {}
    return errors.refusal_of(
        str(error.get("Code") or ""),
        str(error.get("Message") or ""),
        operation,
        status=int(metadata.get("HTTPStatusCode") or 0),
        commands=commands,
        sso=may_use_sso(commands.profile, environ),
        retry_after=retry_after_seconds(headers.get("retry-after")),
    )


def _words(error: BaseException) -> str:
    if isinstance(error, (exceptions.ReadTimeoutError, TimeoutError, AsyncTimeout)):
        return "no answer in time"
    if isinstance(error, exceptions.ConnectTimeoutError):
        return "no connection in time"
    if isinstance(error, exceptions.SSLError):
        return "TLS failed"
    if isinstance(error, exceptions.ProxyConnectionError):
        return "the proxy refused"
    return "no connection"


_ID = re.compile(r"\bi-[0-9a-zA-Z]+")


def named_ids(message: str) -> frozenset[str]:
    """Return the ids in an InvalidInstanceID error: "The instance IDs 'i-1, i-2' do not exist"."""
    return frozenset(_ID.findall(message))
