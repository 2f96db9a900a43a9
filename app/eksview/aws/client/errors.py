"""botocore's exceptions as refusals with their sentences."""

import re
from asyncio import TimeoutError as AsyncTimeout
from collections.abc import Mapping
from time import time
from traceback import walk_tb
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from aiohttp import ClientResponseError
from botocore import exceptions
from botocore.parsers import ResponseParserError
from botocore.utils import get_environ_proxies
from msgspec.structs import replace

from eksview.aws.client.credential_process import CredentialProcessFailed
from eksview.aws.client.http_session import RedirectedError
from eksview.aws.client.profiles import credential_source, profile_names
from eksview.domain.aws import credential_errors, errors
from eksview.domain.aws.answers import is_answer
from eksview.domain.aws.credential_errors import Caller, CredentialSource
from eksview.domain.aws.errors import AwsRefusal, refused
from eksview.domain.aws.target import AwsTarget, environ_of
from eksview.domain.live.clock_skew import date_of
from eksview.domain.live.command_context import context_of
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


PORTAL = 511
"""The status of a network that wants a login."""
PROXY = 407
"""The status of a proxy that wants credentials."""


class NotAwsError(Exception):
    """An answer without the member that AWS always sends: of a portal, a proxy, another service."""


class MfaWanted(Exception):  # noqa: N818 - not an error
    """A profile's role needs an MFA code, which a dashboard can't ask for."""


def from_exception(
    error: BaseException, operation: str, place: AwsTarget, environ: Mapping[str, str]
) -> AwsRefusal:
    """Return the refusal for an exception of an operation such as `ec2:DescribeInstances`."""
    environ = environ_of(place.env, environ)
    if isinstance(error, exceptions.ClientError):
        return _answered(error.response, operation, _caller(place, environ))
    if isinstance(error, exceptions.NoRegionError):
        return refused("other", errors.no_region())
    if broken := _not_of_aws(error, operation):
        return refused("broken", broken)
    if sentence := _unreached(error, operation, place.region):
        return refused("unreachable", sentence)
    if sentence := _of_credentials(error, _caller(place, environ), environ):
        return refused("expired" if isinstance(error, _SSO) else "no-credentials", sentence)
    # Its text may hold a URL with a signature, so only its type is shown.
    return refused("other", f"{operation} failed ({type(error).__name__}).")


def _caller(place: AwsTarget, environ: Mapping[str, str]) -> Caller:
    """Return the caller whose credentials failed: this reads the configuration of AWS."""
    commands = context_of(environ, region=place.region, profile=place.profile)
    return Caller(commands, credential_source(place, environ), place.region)


def _not_of_aws(error: BaseException, operation: str) -> str:
    """Return the sentence for an answer that isn't of AWS; empty for other exceptions."""
    if isinstance(error, exceptions.HTTPClientError):
        cause = error.kwargs.get("error")
        if isinstance(cause, RedirectedError):
            return errors.redirected(operation, cause.target)
        return errors.not_aws(operation) if isinstance(cause, ClientResponseError) else ""
    # A page of HTML parses as XML, in which botocore then misses the result: a KeyError.
    # JSON that is no object makes its parser fail by an AttributeError.
    others = (NotAwsError, ResponseParserError, KeyError, AttributeError)
    is_page = isinstance(error, others) or _of_parser(error)
    return errors.not_aws(operation) if is_page else ""


def _of_parser(error: BaseException) -> bool:
    """Check for a failure inside botocore's parser: by `null`, or by bytes that are no text."""
    frames = (frame.f_globals.get("__name__") for frame, _ in walk_tb(error.__traceback__))
    return isinstance(error, TypeError | ValueError) and "botocore.parsers" in frames


def _of_credentials(error: BaseException, caller: Caller, environ: Mapping[str, str]) -> str:
    """Return the sentence for missing or expired credentials; empty for other exceptions."""
    profile, sentence = caller.commands.profile, ""
    match error:
        case CredentialProcessFailed():
            sentence = str(error)
        case MfaWanted():
            sentence = credential_errors.mfa_wanted(caller)
        case exceptions.ProfileNotFound():
            name = str(error.kwargs.get("profile") or "") or profile
            sentence = credential_errors.missing_profile(name, profile_names(environ))
        case exceptions.PartialCredentialsError():
            missing = str(error.kwargs.get("cred_var") or "a part")
            sentence = credential_errors.partial_credentials(missing)
        case _ if isinstance(error, _SSO):
            sso = caller.source.kind == "sso"
            source = caller.source if sso else CredentialSource("sso", profile)
            sentence = credential_errors.expired(replace(caller, source=source))
        case _ if isinstance(error, _NO_CREDENTIALS):
            sentence = credential_errors.missing_credentials(caller)
        case _ if isinstance(error, _CONFIGURATION):  # names profiles and files, and no values
            sentence = credential_errors.unusable_configuration(profile, str(error))
    return sentence


def _answered(response: Any, operation: str, caller: Caller) -> AwsRefusal:
    error = response.get("Error") or {}
    metadata = response.get("ResponseMetadata") or {}
    headers = metadata.get("HTTPHeaders") or {}
    date = date_of(headers.get("date"))
    status = int(metadata.get("HTTPStatusCode") or 0)
    # A proxy's 403 is no missing permission; 511 is a portal's (RFC 6585, section 6).
    code = str(error.get("Code") or "")
    if status == PROXY:
        return refused("unreachable", errors.proxy_wants_login(operation))
    if status == PORTAL or (status < 500 and (is_page(response) or _nameless(code, status))):
        return refused("broken", errors.not_aws(operation))
    return errors.refusal_of(
        code,
        str(error.get("Message") or ""),
        operation,
        replace(caller, ahead=None if date is None else time() - date),
        status=status,
        retry_after=retry_after_seconds(headers.get("retry-after")),
    )


def _nameless(code: str, status: int) -> bool:
    """Check for an error without a name, for which botocore takes the status: AWS names its own.

    Timeouts and throttling come from load balancers of AWS as well.
    """
    return code == str(status) and status not in (408, 429)


def of_aws(answer: Answer, action: str) -> Answer:
    """Return an answer if AWS has sent it; raises `NotAwsError`."""
    if is_page(answer) or not is_answer(action, answer):
        raise NotAwsError(action)
    return answer


def is_page(answer: Answer) -> bool:
    """Return whether a web page answered, which can parse as XML without instances."""
    headers = (answer.get("ResponseMetadata") or {}).get("HTTPHeaders") or {}
    return str(headers.get("content-type") or "").startswith("text/html")


def _unreached(error: BaseException, operation: str, region: str) -> str:
    """Return the sentence for an endpoint that gave no answer, by how far the request came.

    Empty for other exceptions.
    """
    sentence = ""
    match error:
        case exceptions.ProxyConnectionError():
            sentence = errors.proxy_failed(operation, str(error.kwargs.get("proxy_url") or ""))
        case exceptions.SSLError():
            sentence = errors.untrusted(operation)
        case exceptions.ConnectTimeoutError():
            sentence = errors.unreachable(operation, "no connection in time", region)
        case exceptions.ReadTimeoutError() | TimeoutError() | AsyncTimeout():
            sentence = errors.silent(operation)
        case OSError(filename=str(path)):
            sentence = errors.unreadable(path, error.strerror or "")
        case exceptions.EndpointConnectionError() if proxy := _proxy_of(error):
            sentence = errors.proxy_failed(operation, proxy)
        case exceptions.ConnectionClosedError():
            sentence = errors.closed(operation)
        case _ if isinstance(error, _UNREACHABLE):
            sentence = errors.unreachable(operation, "no connection", region)
    return sentence


def _proxy_of(error: exceptions.EndpointConnectionError) -> str:
    """Return the proxy of an endpoint, by the variables that botocore itself reads."""
    url = str(error.kwargs.get("endpoint_url") or "")
    return str(get_environ_proxies(url).get(urlsplit(url).scheme) or "")


_ID = re.compile(r"\bi-[0-9a-zA-Z]+")


def named_ids(message: str) -> frozenset[str]:
    """Return the ids in an InvalidInstanceID error: "The instance IDs 'i-1, i-2' do not exist"."""
    return frozenset(_ID.findall(message))
