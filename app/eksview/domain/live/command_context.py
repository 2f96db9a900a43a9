"""The options with which a command reaches the cluster and the account that are shown."""

import os
import shlex
from collections.abc import Mapping

from msgspec import Struct

_CONFIG = ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE")
"""Variables of the AWS CLI for which it has no flag; they name files and hold no secret."""


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
        """Return a command line of kubectl; `--kubeconfig` takes one file, KUBECONFIG several."""
        start = ["kubectl"]
        if len(self.files) == 1:
            start += ["--kubeconfig", self.files[0]]
        elif self.files:
            start = ["env", f"KUBECONFIG={os.pathsep.join(self.files)}", *start]
        context = ("--context", self.context) if self.context else ()
        return shlex.join([*start, *context, *words])

    def aws(self, service: str, *words: str) -> str:
        """Return a command line of the AWS CLI."""
        named = [f"{name}={value}" for name, value in self.environ if name in _CONFIG]
        start = ["env", *named, "aws"] if named else ["aws"]
        return shlex.join([*start, service, *words, *self.aws_flags(service)])

    def aws_flags(self, service: str) -> tuple[str, ...]:
        """Return the flags that name the region, the profile and the endpoint of a service."""
        variables = dict(self.environ)
        name = service.replace("-", "_").upper()
        for_service = "AUTO_SCALING" if name == "AUTOSCALING" else name
        endpoint = variables.get(f"AWS_ENDPOINT_URL_{for_service}") or variables.get(
            "AWS_ENDPOINT_URL"
        )
        flags = (
            ("--region", self.region), ("--profile", self.profile), ("--endpoint-url", endpoint),
        )  # fmt: skip
        return tuple(word for flag, value in flags if value for word in (flag, value))


def kept_variables(environ: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the variables that a command needs to reach the same endpoints; no secrets."""
    return tuple(
        (name, value)
        for name, value in sorted(environ.items())
        if value and (name in _CONFIG or name.startswith("AWS_ENDPOINT_URL"))
    )


def ambient_profile(environ: Mapping[str, str]) -> str:
    """Return the profile that the environment names; keys in it come before AWS_PROFILE."""
    return "" if environ.get("AWS_ACCESS_KEY_ID") else environ.get("AWS_PROFILE", "")


def ambient_region(environ: Mapping[str, str]) -> str:
    return environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION", "")
