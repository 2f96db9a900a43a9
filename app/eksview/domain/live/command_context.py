"""The options with which a command reaches the cluster and the account that are shown."""

import os
import re
import shlex
from collections.abc import Mapping, Sequence

from msgspec import Struct

from eksview.domain.base.text import cells

_CONFIG = ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE")
"""Variables of the AWS CLI for which it has no flag; they name files and hold no secret."""
_PROFILES = ("AWS_DEFAULT_PROFILE", "AWS_PROFILE")
_REGION = re.compile(r"[a-z]{2,}(?:-[a-z]+)+-\d+")
_SERVICE_IDS = {"autoscaling": "AUTO_SCALING"}
"""Suffixes of AWS_ENDPOINT_URL_* that differ from the service's name in capitals."""
LINE = 72  # cells of a line of a command that is written on several


class CommandContext(Struct, frozen=True):
    """Options of kubectl and the AWS CLI, such that a command runs in a shell without variables.

    `files` are the kubeconfig's, absolute; none where kubectl needs none. Credentials that are
    themselves in variables are never part of a command.
    """

    context: str = ""
    region: str = ""
    profile: str = ""
    files: tuple[str, ...] = ()
    environ: tuple[tuple[str, str], ...] = ()  # of eksview: endpoints and paths only

    def kubectl(self, *words: str) -> str:
        """Return a command line of kubectl."""
        return shlex.join(self.kubectl_words(*words))

    def kubectl_words(self, *words: str) -> tuple[str, ...]:
        """Return a command of kubectl; `--kubeconfig` takes one file, KUBECONFIG several."""
        start = ["kubectl"]
        if len(self.files) == 1:
            start += ["--kubeconfig", self.files[0]]
        elif self.files:
            start = ["env", f"KUBECONFIG={os.pathsep.join(self.files)}", *start]
        context = ("--context", self.context) if self.context else ()
        return (*start, *context, *words)

    def aws(self, service: str, *words: str) -> str:
        """Return a command line of the AWS CLI."""
        return shlex.join(self.aws_words(service, *words))

    def aws_words(self, service: str, *words: str) -> tuple[str, ...]:
        """Return a command of the AWS CLI."""
        return (*self._aws(), service, *words, *self._flags(service))

    def login(self, profile: str = "") -> str:
        """Return the command line that logs in to IAM Identity Center, by default of the profile.

        The session's region and address are those of the profile, which flags would override.
        """
        named = _flag("--profile", profile or self.profile)
        return shlex.join([*self._aws(), "sso", "login", *named])

    def _aws(self) -> tuple[str, ...]:
        named = [f"{name}={value}" for name, value in self.environ if name in _CONFIG]
        return ("env", *named, "aws") if named else ("aws",)

    def _flags(self, service: str) -> tuple[str, ...]:
        """Return the flags that name the region, the profile and the endpoint of a service."""
        region = self.region if _REGION.fullmatch(self.region) else ""
        return (
            *_flag("--region", region),
            *_flag("--profile", self.profile),
            *_flag("--endpoint-url", endpoint_of(service, dict(self.environ))),
        )


def context_of(
    environ: Mapping[str, str],
    *,
    context: str = "",
    files: Sequence[str] = (),
    region: str = "",
    profile: str = "",
) -> CommandContext:
    """Return the options for a cluster; region and profile are the environment's by default."""
    return CommandContext(
        context=context,
        region=region or ambient_region(environ),
        profile=profile or ambient_profile(environ),
        files=tuple(files),
        environ=kept_variables(environ),
    )


def folded_command(words: Sequence[str]) -> str:
    """Return a command for a shell, each line but the last ending with a backslash.

    A line breaks before an option, and is longer than `LINE` only for a single one.
    """
    options: list[list[str]] = [[]]
    for word in words:
        if word.startswith("--"):
            options.append([])
        options[-1].append(word)
    lines = [shlex.join(options[0])]
    for option in map(shlex.join, options[1:]):
        if cells(lines[-1]) + 1 + cells(option) <= LINE:
            lines[-1] += f" {option}"
        else:
            lines.append(f"  {option}")
    return " \\\n".join(lines) + "\n"


def _flag(name: str, value: str) -> tuple[str, ...]:
    # A value that begins with a dash would be read as another flag.
    return (f"{name}={value}",) if value.startswith("-") else (name, value) if value else ()


def kept_variables(environ: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the variables that a command needs to reach the same endpoints; no secrets."""
    return tuple(
        (name, value)
        for name, value in sorted(environ.items())
        if value and (name in _CONFIG or name.startswith("AWS_ENDPOINT_URL"))
    )


def endpoint_of(service: str, environ: Mapping[str, str]) -> str:
    """Return the endpoint that the environment names for a service of AWS, or for all."""
    name = _SERVICE_IDS.get(service, service.replace("-", "_").upper())
    return environ.get(f"AWS_ENDPOINT_URL_{name}") or environ.get("AWS_ENDPOINT_URL", "")


def ambient_profile(environ: Mapping[str, str]) -> str:
    """Return the profile that the environment names; keys in it come before a profile.

    Source: botocore's `session.py`, which the AWS CLI uses too, for the order of the two names.
    """
    if environ.get("AWS_ACCESS_KEY_ID"):
        return ""
    return next((environ[name] for name in _PROFILES if name in environ), "")


def ambient_region(environ: Mapping[str, str]) -> str:
    return environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION", "")
