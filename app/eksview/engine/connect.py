"""Connections for the settings: clusters named by EKS, and tokens signed in this process.

Only here do Kubernetes clients use AWS clients. Heavy modules are imported on the data loop.
"""

import asyncio
import base64
import binascii
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from time import time
from typing import TYPE_CHECKING

from msgspec.structs import replace

from eksview.config.settings import Settings
from eksview.domain.aws.target import (
    AwsTarget,
    Clues,
    Flags,
    environ_of,
    place_of,
    unfollowed,
)
from eksview.domain.aws.token_request import TokenRequest, token_request
from eksview.domain.base.clock import Clock
from eksview.domain.base.errors import UserError, explained
from eksview.domain.live.backend_protocol import ContextInfo
from eksview.domain.live.command_context import CommandContext, context_of
from eksview.domain.rows.aws import ClusterEntry, ClusterInfo
from eksview.domain.rows.server import DESCRIBED, IN_CLUSTER
from eksview.engine.refused_tokens import RefusedTokens

if TYPE_CHECKING:
    from eksview.aws.client.session import AwsSession
    from eksview.kube.client.cluster_access import ClusterAccess, Exec
    from eksview.kube.client.connection import Connection, Limits
    from eksview.kube.client.exec_plugin import Credential
    from eksview.kube.client.plugin_runs import Runner


def flags_of(settings: Settings) -> Flags:
    return Flags(settings.profile or "", settings.region or "", settings.cluster or "")


def named_by_eks(settings: Settings) -> bool:
    """Return whether EKS describes the cluster instead of a kubeconfig."""
    return bool(settings.cluster) and not (settings.context or settings.kubeconfig)


def clues_of(access: "ClusterAccess") -> Clues:
    """Return the parts of a context that can name an AWS account, region or cluster."""
    plugin = access.exec
    return Clues(
        command=plugin.command if plugin else "",
        args=plugin.args if plugin else (),
        env=plugin.env if plugin else (),
        cluster_name=access.cluster,
        server=access.server,
        context=access.context,
    )


def target_of(
    settings: Settings, environ: Mapping[str, str], access: "ClusterAccess | None" = None
) -> AwsTarget:
    """Return the AWS target of the flags and, for an access, of its context."""
    clues = clues_of(access) if access else Clues()
    return place_of(clues, flags_of(settings), environ)


def commands_for(
    access: "ClusterAccess", target: AwsTarget, environ: Mapping[str, str]
) -> CommandContext:
    """Return the options with which commands reach the cluster and the account."""
    return context_of(
        environ,
        context="" if access.source == IN_CLUSTER else access.context,
        files=access.files,
        region=target.region,
        profile=target.profile,
    )


async def open_cluster(
    settings: Settings, environ: Mapping[str, str] = os.environ, limits: "Limits | None" = None
) -> "Connection":
    """Return a connection to the cluster of the settings. Raises `UserError`."""
    with explained("Opening the cluster"):
        from eksview.kube.client.connection import Connection, Limits  # noqa: PLC0415

        access = await find_access(settings, environ)
        runner = runner_of(settings, environ)
        connection = Connection(
            access,
            runner=runner,
            limits=limits or Limits(),
            explain=RefusedTokens(
                partial(target_of, settings, environ),
                partial(aws_session, environ=environ),
                environ,
            ),
        )
        if isinstance(runner, EksTokens):
            runner.clock = connection.server_clock
        return connection


def list_contexts(
    settings: Settings, environ: Mapping[str, str] = os.environ
) -> tuple[ContextInfo, ...]:
    """Return the contexts of the kubeconfig. Raises `UserError` if it can't be read."""
    with explained("Reading the kubeconfig"):
        from eksview.kube.client.kubeconfig.merged import listed  # noqa: PLC0415

        return listed(settings, environ)


def kubeconfig_files(settings: Settings, environ: Mapping[str, str]) -> Sequence[Path]:
    """Return the files that the kubeconfig is merged from, whether they exist or not."""
    with explained("Reading the kubeconfig"):
        from eksview.kube.client.kubeconfig.merged import paths_of  # noqa: PLC0415

        return paths_of(settings, environ)


async def find_access(settings: Settings, environ: Mapping[str, str]) -> "ClusterAccess":
    """Return how to reach the cluster, from the kubeconfig or, for `--cluster`, from EKS."""
    from eksview.kube.client.kubeconfig.merged import locate  # noqa: PLC0415
    from eksview.kube.client.proxy import through_proxy  # noqa: PLC0415

    if not named_by_eks(settings):
        return through_proxy(locate(settings, environ), environ)
    target = target_of(settings, environ)
    async with aws_session(target, environ) as session:
        from eksview.aws.services.clusters import described  # noqa: PLC0415

        access = access_from_eks(await described(session, target.cluster), session.place)
    return through_proxy(access, environ)


def access_from_eks(info: ClusterInfo, target: AwsTarget) -> "ClusterAccess":
    """Return the access that `aws eks update-kubeconfig` would write to a kubeconfig."""
    from eksview.kube.client.cluster_access import ClusterAccess, Exec  # noqa: PLC0415

    try:
        authority = base64.b64decode(info.ca, validate=True)
    except (binascii.Error, ValueError):
        raise UserError(
            f"The CA certificate that EKS returned for {info.name} isn't valid."
        ) from None
    profile = ("--profile", target.profile) if target.profile else ()
    named = ("--cluster-id", info.local_id) if info.local_id else ("--cluster-name", info.name)
    arguments = ("--region", target.region, "eks", "get-token", *named)
    return ClusterAccess(
        context=info.arn,
        cluster=info.arn,
        server=info.endpoint.rstrip("/"),
        user=info.arn,
        namespace="",
        source=f"{DESCRIBED} in {target.region}",
        ca=authority,
        exec=Exec(
            command="aws",
            args=(*arguments, *profile),
            env=(),
            api_version="client.authentication.k8s.io/v1beta1",
        ),
    )


async def dated_clusters(
    settings: Settings, environ: Mapping[str, str] = os.environ, target: AwsTarget | None = None
) -> tuple[tuple[ClusterEntry, ...], float]:
    """Return the EKS clusters of the account and region, and AWS's time. Raises `UserError`."""
    with explained("Listing the clusters"):
        target = target or target_of(settings, environ)
        async with aws_session(target, environ) as session:
            from eksview.aws.services.clusters import clusters  # noqa: PLC0415

            return await clusters(session), session.server_clock()


@asynccontextmanager
async def aws_session(target: AwsTarget, environ: Mapping[str, str]) -> "AsyncIterator[AwsSession]":
    """Open a short-lived session, by default in the region of the profile."""
    from eksview.aws.client.profiles import default_region  # noqa: PLC0415
    from eksview.aws.client.session import AwsSession  # noqa: PLC0415

    profile = "" if target.ambient else target.profile
    region = target.region or default_region(profile, environ_of(target.env, environ))
    session = AwsSession(replace(target, region=region), environ)
    try:
        yield session
    finally:
        await session.close()


async def ecs_target(settings: Settings, environ: Mapping[str, str]) -> AwsTarget:
    """Return the target of an ECS cluster, by the flags, the environment and the profile."""
    from eksview.aws.client.profiles import default_region  # noqa: PLC0415

    target = target_of(replace(settings, cluster=None), environ)
    profile = "" if target.ambient else target.profile
    region = target.region or await asyncio.to_thread(default_region, profile, environ)
    return replace(target, region=region)


def runner_of(settings: Settings, environ: Mapping[str, str]) -> "Runner":
    """Return the runner of credential plugins: one that signs EKS tokens, unless `--exec-auth`."""
    from eksview.kube.client.exec_plugin import run  # noqa: PLC0415

    return partial(run, environ=environ) if settings.exec_auth else EksTokens(settings, environ)


class EksTokens:
    """A runner of credential plugins that signs EKS tokens itself instead of running `aws`.

    Its `clock` dates them: a token that is dated by a wrong clock is refused.
    """

    def __init__(self, settings: Settings, environ: Mapping[str, str], clock: Clock = time) -> None:
        self._flags = flags_of(settings)
        self._environ = environ
        self.clock = clock

    async def __call__(self, plugin: "Exec", access: "ClusterAccess") -> "Credential":
        """Return a credential; raises `UserError` that says what to do."""
        request = token_request(plugin.command, plugin.args)
        if request is None or unfollowed(plugin.env):
            from eksview.kube.client.exec_plugin import run  # noqa: PLC0415

            return await run(plugin, access, environ=self._environ)
        return await self._sign(request, access)

    async def _sign(self, request: TokenRequest, access: "ClusterAccess") -> "Credential":
        from eksview.aws.client.errors import from_exception  # noqa: PLC0415
        from eksview.aws.client.token import mint  # noqa: PLC0415
        from eksview.kube.client.exec_plugin import Credential  # noqa: PLC0415

        target = place_of(clues_of(access), self._flags, self._environ)
        try:
            async with aws_session(target, self._environ) as session:
                credentials = await session.credentials()
                frozen = await credentials.get_frozen_credentials()
                sts = await session.token_endpoint()
        except Exception as error:
            refusal = from_exception(error, "sts:GetCallerIdentity", target, self._environ)
            raise UserError(refusal.sentence) from None
        if sts is None:
            raise UserError("The token needs an AWS region: set one with --region.")
        token, expires = mint(frozen, request.audience, sts, self.clock())
        return Credential(token=token, expires=expires, own=True)
