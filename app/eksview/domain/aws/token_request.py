"""The commands of kubeconfigs that make a token of EKS, and what their flags request.

Sources: AWS CLI reference, "eks get-token"; aws-iam-authenticator's README.
"""

from collections.abc import Sequence
from pathlib import PurePath

from msgspec import Struct

# Flags of the AWS CLI that take a value and change neither credentials nor endpoint.
_HARMLESS = frozenset(
    {"--output", "--query", "--color", "--cli-read-timeout", "--cli-connect-timeout", "--ca-bundle"}
)
_BARE = frozenset({"--no-cli-pager", "--no-paginate", "--no-cli-auto-prompt"})
# The commands that make a token: their words, and what their flags are in a `TokenRequest`.
_COMMANDS = {
    "aws": (
        ("eks", "get-token"),
        {
            "--cluster-name": "cluster",
            "--cluster-id": "local_id",
            "--region": "region",
            "--profile": "profile",
            "--role-arn": "role",
        },
    ),
    "aws-iam-authenticator": (
        ("token",),
        {
            "-i": "cluster",
            "--cluster-id": "cluster",
            "-r": "role",
            "--role": "role",
            "--region": "region",
        },
    ),
}


class TokenRequest(Struct, frozen=True):
    """Arguments of `aws eks get-token` or `aws-iam-authenticator token`.

    A local cluster on Outposts has an ID in tokens (`--cluster-id`), which isn't its name.
    """

    cluster: str = ""
    region: str = ""
    profile: str = ""
    role: str = ""
    local_id: str = ""

    @property
    def audience(self) -> str:
        """Return the cluster as its tokens name it."""
        return self.local_id or self.cluster


def token_request(command: str, args: Sequence[str]) -> TokenRequest | None:
    """Return the request of such a command; None for one that isn't fully understood."""
    program = PurePath(command).name.removesuffix(".exe")
    options = _options(args)
    if program not in _COMMANDS or options is None:
        return None
    subcommand, names = _COMMANDS[program]
    words = tuple(options.pop("", "").split())
    unknown = options.keys() - names.keys() - _HARMLESS - _BARE
    request = {names[name]: value for name, value in options.items() if name in names}
    found = TokenRequest(**request)
    return found if words == subcommand and not unknown and found.audience else None


def _options(args: Sequence[str]) -> dict[str, str] | None:
    """Return flags with values, and other words under ""; None if a value is missing."""
    options: dict[str, str] = {"": ""}
    rest = iter(args)
    for word in rest:
        name, equals, value = word.partition("=")
        if not word.startswith("-"):
            options[""] += f" {word}"
        elif word in _BARE:
            options[word] = ""
        elif equals:
            options[name] = value
        else:
            following = next(rest, None)
            if following is None:
                return None
            options[word] = following
    return options
