"""Connections as the command line asks for them: EKS tokens minted here, clusters found by name.

The one place where the Kubernetes side is given something of the AWS side. All of it runs on the
data loop; what is heavy is imported there.
"""

import base64
import binascii
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from time import time
from typing import TYPE_CHECKING

from msgspec.structs import replace

from eksview.config.settings import Settings
from eksview.domain.aws.target import (
    AwsTarget,
    Clues,
    Flags,
    TokenRequest,
    place_of,
    token_request,
    unfollowed,
)
from eksview.domain.base.clock import Clock
from eksview.domain.base.problem import UserError
from eksview.domain.rows.aws import ClusterEntry, ClusterInfo
from eksview.domain.rows.server import DESCRIBED

if TYPE_CHECKING:
    from eksview.aws.client.session import AwsSession
    from eksview.kube.client.access import ClusterAccess, Exec
    from eksview.kube.client.connection import Connection
    from eksview.kube.client.credentials import Runner
    from eksview.kube.client.exec_plugin import Credential


def flags_of(settings: Settings) -> Flags:
    """What was asked for of AWS."""
    return Flags(settings.profile or "", settings.region or "", settings.cluster or "")


def by_name(settings: Settings) -> bool:
    """Whether EKS alone is asked where the cluster is."""
    return bool(settings.cluster) and not (settings.context or settings.kubeconfig)


def clues_of(access: "ClusterAccess") -> Clues:
    """What a kubeconfig's context says of AWS."""
    plugin = access.exec
    return Clues(
        command=plugin.command if plugin else "",
        args=plugin.args if plugin else (),
        env=plugin.env if plugin else (),
        cluster_name=access.cluster,
        server=access.server,
        context=access.context,
    )


async def open_cluster(settings: Settings, environ: Mapping[str, str] = os.environ) -> "Connection":
    """A connection to what was asked for; `UserError` when nothing leads there."""
    from eksview.kube.client.connection import Connection  # noqa: PLC0415

    access = await access_of(settings, environ)
    return Connection(access, runner=runner_of(settings, environ))


async def access_of(settings: Settings, environ: Mapping[str, str]) -> "ClusterAccess":
    """By the kubeconfig; by EKS alone when a cluster is named and no kubeconfig or context is."""
    from eksview.kube.client.load_config import locate  # noqa: PLC0415

    if not by_name(settings):
        return locate(settings, environ)
    place = place_of(Clues(), flags_of(settings), environ)
    async with aws_session(place, environ) as session:
        from eksview.aws.services.clusters import described  # noqa: PLC0415

        return access_to(await described(session, place.cluster), session.place)


def access_to(info: ClusterInfo, place: AwsTarget) -> "ClusterAccess":
    """What `aws eks update-kubeconfig` would write, without writing it."""
    from eksview.kube.client.access import ClusterAccess, Exec  # noqa: PLC0415

    try:
        authority = base64.b64decode(info.ca, validate=True)
    except (binascii.Error, ValueError):
        raise UserError(f"The CA that EKS gives for {info.name} can't be read.") from None
    profile = ("--profile", place.profile) if place.profile else ()
    arguments = ("--region", place.region, "eks", "get-token", "--cluster-name", info.name)
    return ClusterAccess(
        context=info.arn,
        cluster=info.arn,
        server=info.endpoint.rstrip("/"),
        user=info.arn,
        namespace="",
        source=f"{DESCRIBED} in {place.region}",
        ca=authority,
        exec=Exec(
            command="aws",
            args=(*arguments, *profile),
            env=(),
            api_version="client.authentication.k8s.io/v1beta1",
        ),
    )


async def clusters(
    settings: Settings, environ: Mapping[str, str] = os.environ, place: AwsTarget | None = None
) -> tuple[ClusterEntry, ...]:
    """The EKS clusters of the account and region; `UserError` when they can't be listed."""
    where = place or place_of(Clues(), flags_of(settings), environ)
    async with aws_session(where, environ) as session:
        from eksview.aws.services.clusters import clusters as listed  # noqa: PLC0415

        return await listed(session)


@asynccontextmanager
async def aws_session(place: AwsTarget, environ: Mapping[str, str]) -> "AsyncIterator[AwsSession]":
    """A session for a single question; the profile's region where nothing else names one."""
    from eksview.aws.client.session import AwsSession  # noqa: PLC0415

    region = place.region or _default_region(place.profile, environ)
    session = AwsSession(replace(place, region=region), environ)
    try:
        yield session
    finally:
        await session.close()


def _default_region(profile: str, environ: Mapping[str, str]) -> str:
    from eksview.aws.client.profiles import default_region  # noqa: PLC0415 - seldom asked

    return default_region(profile, environ)


def runner_of(settings: Settings, environ: Mapping[str, str]) -> "Runner":
    """Mints EKS tokens in this process, unless the command is to be run as it is written."""
    from eksview.kube.client.exec_plugin import run  # noqa: PLC0415

    return partial(run, environ=environ) if settings.exec_auth else EksTokens(settings, environ)


class EksTokens:
    """Runs credential plugins; those that would print an EKS token aren't run but understood."""

    def __init__(self, settings: Settings, environ: Mapping[str, str], clock: Clock = time) -> None:
        self._flags = flags_of(settings)
        self._environ = environ
        self._clock = clock

    async def __call__(self, plugin: "Exec", access: "ClusterAccess") -> "Credential":
        """A credential; `UserError` with what to do when it can't be had."""
        request = token_request(plugin.command, plugin.args, plugin.env)
        if request is None or unfollowed(plugin.env):
            from eksview.kube.client.exec_plugin import run  # noqa: PLC0415

            return await run(plugin, access, environ=self._environ)
        return await self._minted(request, access)

    async def _minted(self, request: TokenRequest, access: "ClusterAccess") -> "Credential":
        from eksview.aws.client.errors import from_exception  # noqa: PLC0415
        from eksview.aws.client.token import mint  # noqa: PLC0415
        from eksview.kube.client.exec_plugin import Credential  # noqa: PLC0415

        place = place_of(clues_of(access), Flags(profile=self._flags.profile), self._environ)
        where = replace(place, region=request.region or place.region)
        try:
            async with aws_session(where, self._environ) as session:
                credentials = await session.credentials()
                frozen = await credentials.get_frozen_credentials()
                region = session.place.region
        except Exception as error:
            said = from_exception(error, "sts:GetCallerIdentity", where).sentence
            raise UserError(said) from None
        if not region:
            raise UserError("No AWS region is known for the token: name one with --region.")
        token, expires = mint(frozen, request.cluster, region, self._clock())
        return Credential(token=token, expires=expires)
