"""Profiles of the AWS configuration. Only files are read, which takes no asynchronous SDK."""

from collections.abc import Mapping
from typing import Any

from botocore.configprovider import ConfigChainFactory
from botocore.exceptions import BotoCoreError, ProfileNotFound
from botocore.session import Session

from eksview.domain.aws.errors import missing_profile
from eksview.domain.base.errors import UserError


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


def may_use_sso(profile: str, environ: Mapping[str, str]) -> bool:
    """Return whether a profile may log in by IAM Identity Center; empty means the environment's.

    True as well for a profile that isn't configured: its credentials come from elsewhere.
    Source: AWS CLI "Configuring IAM Identity Center authentication".
    """
    try:
        profiles = _session(environ, None).full_config.get("profiles", {})
    except BotoCoreError:
        return True
    name, passed = profile or environ.get("AWS_PROFILE") or "default", set[str]()
    while name in profiles and name not in passed:
        if not {"sso_session", "sso_start_url"}.isdisjoint(profiles[name]):
            return True
        passed.add(name)
        name = profiles[name].get("source_profile", "")
    return not passed


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
