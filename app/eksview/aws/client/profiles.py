"""Profiles of the AWS configuration. Only files are read, which takes no asynchronous SDK."""

from collections.abc import Mapping
from typing import Any

from botocore.configprovider import ConfigChainFactory
from botocore.exceptions import BotoCoreError, ProfileNotFound
from botocore.session import Session

from eksview.domain.aws.credential_errors import CredentialSource, SourceKind, missing_profile
from eksview.domain.aws.target import KEY, AwsTarget
from eksview.domain.base.errors import UserError
from eksview.domain.live.command_context import ambient_profile

_SOURCES: tuple[tuple[frozenset[str], SourceKind], ...] = (
    (frozenset({"sso_session", "sso_start_url"}), "sso"),
    (frozenset({"aws_access_key_id"}), "keys"),
    (frozenset({"credential_process"}), "process"),
)
"""The settings of a profile by which its credentials are found, in botocore's order."""


def default_region(profile: str, environ: Mapping[str, str]) -> str:
    """Return the region that a profile names; empty for none. `UserError`: no such profile."""
    import boto3  # noqa: PLC0415 - only where nothing else names a region

    try:
        session = boto3.Session(botocore_session=_session(environ, profile or None))
    except ProfileNotFound as error:
        names = profile_names(environ)
        raise UserError(missing_profile(str(error.kwargs["profile"]), names)) from None
    return session.region_name or ""


def profile_names(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names of the configured profiles; none where the files can't be read."""
    try:
        # boto3's own session can't be made where AWS_PROFILE names a profile that is missing.
        return tuple(_session(environ, None).available_profiles)
    except BotoCoreError:
        return ()


def credential_source(place: AwsTarget, environ: Mapping[str, str]) -> CredentialSource:
    """Return where the credentials of a target come from, by the files and the environment.

    `environ` includes the target's own variables.
    Sources: AWS CLI "Configuring IAM Identity Center authentication"; "Configuration and
    credential precedence".
    """
    by_flag = place.profile and not place.ambient
    if not by_flag and environ.get(KEY):
        return _of_environment("kubeconfig" if KEY in dict(place.env) else "environment", environ)
    name = place.profile or ambient_profile(environ)
    try:
        profiles = _session(environ, None).full_config.get("profiles", {})
    except BotoCoreError:
        profiles = {}
    source = _source_of(name or "default", profiles)
    if source.kind == "environment":
        return _of_environment("environment", environ)
    if source.kind == "unknown" and not by_flag and environ.get("AWS_WEB_IDENTITY_TOKEN_FILE"):
        return CredentialSource("web-identity")
    return source


def _source_of(name: str, profiles: Mapping[str, Mapping[str, str]]) -> CredentialSource:
    """Follow the profiles from which a profile assumes its role; unknown for a loop."""
    passed = set[str]()
    while name in profiles and name not in passed:
        passed.add(name)
        profile = profiles[name]
        if "role_arn" not in profile or profile.get("source_profile") == name:
            kinds = (kind for keys, kind in _SOURCES if not keys.isdisjoint(profile))
            kind: SourceKind = next(kinds, "unknown")
            token, key = profile.get("aws_session_token"), profile.get("aws_access_key_id", "")
            return CredentialSource(kind, name, kind == "keys" and _is_temporary(key, token))
        if "web_identity_token_file" in profile:
            return CredentialSource("web-identity", name)
        if profile.get("credential_source") == "Environment":
            return CredentialSource("environment")
        name = profile.get("source_profile", "")
    return CredentialSource()


def _of_environment(kind: SourceKind, environ: Mapping[str, str]) -> CredentialSource:
    token = environ.get("AWS_SESSION_TOKEN") or environ.get("AWS_SECURITY_TOKEN")
    return CredentialSource(kind, temporary=_is_temporary(environ.get(KEY, ""), token))


def _is_temporary(key_id: str, token: str | None) -> bool:
    """Return whether keys are of a session of STS, whose ids begin with ASIA.

    Source: IAM User Guide, "IAM identifiers", unique identifiers.
    """
    return bool(token) or key_id.startswith("ASIA")


def read_variables(session: Any, environ: Mapping[str, str]) -> None:
    """Make a botocore session read its variables from `environ`: it has no parameter for that."""
    store, chains = session.get_component("config_store"), ConfigChainFactory(session, environ)
    for name, (key, variables, default, convert) in session.session_var_map.items():
        chain = chains.create_config_chain(name, variables, key, default, convert)
        store.set_config_provider(name, chain)


def _session(environ: Mapping[str, str], profile: str | None) -> Any:
    session = Session(profile=profile)
    read_variables(session, environ)
    return session
