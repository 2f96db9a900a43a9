"""Profiles of the AWS configuration. Only files are read, which takes no asynchronous SDK."""

from collections.abc import Mapping

import boto3
from botocore.exceptions import BotoCoreError, ProfileNotFound
from botocore.session import Session

from eksview.domain.aws_errors import missing_profile
from eksview.domain.ports import Problem


def default_region(profile: str, environ: Mapping[str, str]) -> str:
    """Return the region that a profile names; empty for none. `Problem`: no such profile."""
    name = profile or environ.get("AWS_PROFILE") or None
    try:
        return boto3.Session(profile_name=name).region_name or ""
    except ProfileNotFound as error:
        raise Problem(missing_profile(str(error.kwargs["profile"]), profile_names())) from None


def profile_names() -> tuple[str, ...]:
    """Return the names of the configured profiles; none where the files can't be read."""
    try:
        # boto3's own session can't be made where AWS_PROFILE names a profile that is missing.
        return tuple(Session().available_profiles)
    except BotoCoreError:
        return ()
