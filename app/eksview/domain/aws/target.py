"""The account, region, cluster and credentials that a kubeconfig names. Pure.

Source: Amazon EKS User Guide, "Connect kubectl to an EKS cluster".
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct

from eksview.domain.aws.token_request import TokenRequest, token_request
from eksview.domain.base.text import EMPTY, clean
from eksview.domain.live.command_context import ambient_profile
from eksview.domain.rows.aws import AwsIdentity

Pairs: TypeAlias = tuple[tuple[str, str], ...]

_REGION = r"[a-z]{2,}(?:-[a-z]+)+-\d+"
_ARN = re.compile(
    rf"arn:(?P<partition>aws[\w-]*):eks:(?P<region>{_REGION}):(?P<account>\d+):cluster/(?P<cluster>.+)"
)
_HOST = re.compile(
    rf"https://[^/:]+\.(?P<region>{_REGION})\."
    r"(?:eks\.amazonaws\.com(?:\.cn)?|eks\.[\w.-]+|api\.aws|api\.amazonwebservices\.com\.cn)"
    r"(?::\d+)?/?"
)
_EKSCTL = re.compile(rf"(?:.*@)?(?P<cluster>[\w-]+)\.(?P<region>{_REGION})\.eksctl\.io")
_ROLE_ACCOUNT = re.compile(r"arn:aws[\w-]*:(?:iam|sts)::(\d+):")

_REGIONS = ("AWS_REGION", "AWS_DEFAULT_REGION")
KEY = "AWS_ACCESS_KEY_ID"
# botocore reads this one from the process's own environment.
_PROCESS_ONLY = frozenset({"AWS_LOGIN_CACHE_DIRECTORY"})


class EksName(Struct, frozen=True):
    """The parts of a cluster's name in a kubeconfig; the account is empty if it has none."""

    cluster: str
    region: str
    account: str = ""


def eks_name(text: str) -> EksName | None:
    """Return the parts of an EKS cluster's ARN, or of its name by eksctl; None for other names."""
    if match := _ARN.fullmatch(text):
        return EksName(match["cluster"], match["region"], match["account"])
    if match := _EKSCTL.fullmatch(text):
        return EksName(match["cluster"], match["region"])
    return None


def endpoint_region(server: str) -> str:
    """Return the region of an EKS endpoint; empty for another server."""
    match = _HOST.fullmatch(server)
    return match["region"] if match else ""


class Clues(Struct, frozen=True):
    """The parts of a kubeconfig that name a cluster, without its secrets."""

    command: str = ""  # of the exec block
    args: tuple[str, ...] = ()
    env: Pairs = ()
    cluster_name: str = ""  # the cluster entry's name: EKS's is an ARN
    server: str = ""
    context: str = ""


class Flags(Struct, frozen=True):
    """Flags of the command line; empty for none."""

    profile: str = ""
    region: str = ""
    cluster: str = ""


class AwsTarget(Struct, frozen=True):
    """The target of calls to AWS: cluster, region and credentials; empty for unknown."""

    cluster: str = ""
    region: str = ""
    profile: str = ""
    role: str = ""
    account: str = ""
    source: str = ""  # where cluster and region come from, in words
    env: Pairs = ()  # variables of the exec block, which come before those of the environment
    warnings: tuple[str, ...] = ()  # contradictions, each one sentence
    ambient: bool = False  # the profile is named by a variable: keys in variables come before it
    server: str = ""  # the URL of the API server
    sts_region: str = ""  # of STS: signs the token and assumes roles; empty for the profile's

    def __repr__(self) -> str:
        return (
            f"AwsTarget({self.cluster!r}, {self.region!r}, {self.profile!r})"  # env holds secrets
        )


def unidentified(target: AwsTarget, environ: Mapping[str, str] | None = None) -> AwsIdentity:
    """Return the identity for a target before AWS has confirmed the account.

    It has the contradictions that need no account.
    """
    return AwsIdentity(
        account=EMPTY,
        arn=EMPTY,
        region=clean(target.region),
        cluster=clean(target.cluster),
        profile=clean(target.profile),
        source=clean(target.source),
        cluster_account=clean(target.account),
        server=clean(target.server),
        warnings=tuple(map(clean, ambient_warnings(target, "", environ or {}))),
    )


def environ_of(env: Pairs, environ: Mapping[str, str]) -> Mapping[str, str]:
    """Return the environment that kubectl gives to the command of an exec block."""
    return {**environ, **dict(env)}


def _set(variables: Mapping[str, str], names: Sequence[str]) -> str:
    """Return the value of the first of these variables that has one."""
    return next((variables[name] for name in names if variables.get(name)), "")


def unfollowed(env: Pairs) -> tuple[str, ...]:
    """Return the names of variables that may change a command's token in ways not followed."""
    return tuple(name for name, _ in env if not name.startswith("AWS_") or name in _PROCESS_ONLY)


def place_of(clues: Clues, flags: Flags, environ: Mapping[str, str]) -> AwsTarget:
    """Return the target by the exec block, then the cluster's ARN or eksctl's name, then the host.

    A flag fills what these leave open; one that contradicts them wins, with a warning. Credentials
    are those of the exec block's command, as if it had been given the flags.
    """
    request = token_request(clues.command, clues.args)
    exec_environ = environ_of(clues.env, environ)
    parts = [*_of_exec(request, clues.env), *_of_names(clues), *_of_role(request)]
    region, by_region = _first(parts, "region")
    cluster, by_cluster = _first(parts, "cluster")
    account, _ = _first(parts, "account")
    warnings = (
        *_contradictions(flags, region, cluster, parts),
        *_profiles(request, clues.env, flags, environ),
        *_not_followed(unfollowed(clues.env) if request is not None else ()),
    )
    if flags.region or not region:
        region, by_region = _region(flags, environ)
    if flags.cluster:
        cluster, by_cluster = flags.cluster, "--cluster"
    profile = flags.profile or (request.profile if request else "")
    sts_region = flags.region or (request.region if request else "")
    return AwsTarget(
        cluster=cluster,
        region=region,
        profile=profile or ambient_profile(exec_environ),
        role=request.role if request else "",
        account=account,
        source=by_cluster if by_cluster == by_region else _both(by_cluster, by_region),
        env=clues.env,
        warnings=warnings,
        ambient=not profile,
        server=clues.server,
        sts_region=sts_region or _set(exec_environ, _REGIONS),
    )


def _of_exec(request: TokenRequest | None, env: Pairs) -> Iterator[tuple[str, str, str]]:
    by = "the kubeconfig's exec block"
    if request is not None:
        yield "cluster", request.cluster, by
        yield "region", request.region or _set(dict(env), _REGIONS), by


def _of_role(request: TokenRequest | None) -> Iterator[tuple[str, str, str]]:
    match = _ROLE_ACCOUNT.match(request.role) if request is not None else None
    yield "account", match[1] if match else "", "the kubeconfig's exec block"


def _of_names(clues: Clues) -> Iterator[tuple[str, str, str]]:
    for text in (clues.cluster_name, clues.context):
        if name := eks_name(text):
            by = "the cluster's ARN" if name.account else "the cluster's name by eksctl"
            yield "cluster", name.cluster, by
            yield "region", name.region, by
            yield "account", name.account, by
    yield "region", endpoint_region(clues.server), "the endpoint's host name"


def _first(parts: Sequence[tuple[str, str, str]], part: str) -> tuple[str, str]:
    return next(((value, by) for name, value, by in parts if name == part and value), ("", ""))


def _contradictions(
    flags: Flags, region: str, cluster: str, parts: Sequence[tuple[str, str, str]]
) -> Iterator[str]:
    regions = dict.fromkeys(value for name, value, _ in parts if name == "region" and value)
    if len(regions) > 1:
        yield f"The kubeconfig names several regions: {', '.join(regions)}; using {region}."
    if flags.region and region and flags.region != region:
        yield f"Using --region {flags.region}, although the kubeconfig names {region}."
    if flags.cluster and cluster and flags.cluster != cluster:
        yield f"Using --cluster {flags.cluster}, although the kubeconfig names {cluster}."


def _profiles(
    request: TokenRequest | None, env: Pairs, flags: Flags, environ: Mapping[str, str]
) -> Iterator[str]:
    """Yield the contradictions between a profile and what takes its place."""
    variables = dict(env)
    profile = (request.profile if request else "") or ambient_profile(
        {name: value for name, value in env if name != KEY}
    )
    if flags.profile and profile not in ("", flags.profile):
        yield f"Using --profile {flags.profile}, although the kubeconfig names profile {profile}."
    elif flags.profile and variables.get(KEY):
        yield f"Using --profile {flags.profile}, although the kubeconfig gives an access key."
    if flags.profile not in ("", profile) and request and request.role:
        yield f"The kubeconfig's role {request.role} is assumed with --profile {flags.profile}."
    by_variable = profile and not flags.profile and not (request and request.profile)
    if by_variable and environ_of(env, environ).get(KEY):
        yield (
            f"The kubeconfig names profile {profile}, but access keys in the environment come "
            "before it, as they do for kubectl."
        )


def _not_followed(names: Sequence[str]) -> Iterator[str]:
    if names:
        yield (
            f"The kubeconfig's command gets {', '.join(names)}, which eksview's own calls to AWS "
            "ignore: they may use other credentials."
        )


def _region(flags: Flags, environ: Mapping[str, str]) -> tuple[str, str]:
    if flags.region:
        return flags.region, "--region"
    for name in _REGIONS:
        if environ.get(name):
            return environ[name], name
    return "", ""


def _both(cluster: str, region: str) -> str:
    return "; ".join(
        f"{what} by {by}" for what, by in (("cluster", cluster), ("region", region)) if by
    )


def ambient_warnings(place: AwsTarget, account: str, environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return the contradictions between kubeconfig, account and environment."""
    warnings = list(place.warnings)
    if place.account and account and place.account != account:
        warnings.append(
            f"The cluster is in account {place.account}, but these credentials are of {account}: "
            "choose another profile with --profile."
        )
    ambient = _set(environ, _REGIONS)
    if ambient and place.region and ambient != place.region:
        warnings.append(f"The cluster is in {place.region}, but the environment names {ambient}.")
    return tuple(warnings)
