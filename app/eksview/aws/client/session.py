"""The AWS session of a cluster: its credentials, and one client for each service.

botocore finds the credentials (SSO, assumed roles, web identity, instance metadata, processes).
eksview adds the region, because botocore ignores AWS_REGION, takes the environment as a parameter,
and keeps botocore from prompting on the terminal and from writing files.
"""

import asyncio
import gc
from collections import ChainMap
from collections.abc import Mapping
from contextlib import AsyncExitStack
from functools import cache
from pathlib import Path
from time import time
from typing import Any

from aiobotocore.config import AioConfig
from aiobotocore.credentials import AioCredentials, AioDeferredRefreshableCredentials
from aiobotocore.session import AioSession
from botocore.exceptions import NoCredentialsError, NoRegionError
from botocore.loaders import Loader, create_loader
from botocore.utils import JSONFileCache

from eksview import __version__
from eksview.aws.client.credential_process import HiddenRunner, hide_processes
from eksview.aws.client.environ_session import EnvironSession
from eksview.aws.client.errors import MfaWanted
from eksview.aws.client.http_session import DirectSession
from eksview.aws.client.token import StsEndpoint
from eksview.domain.aws.target import AwsTarget, environ_of
from eksview.domain.live.server_clock import ServerClock

CONNECT, READ = 5.0, 40.0  # seconds
CACHE = Path("~/.aws/cli/cache")
"""The folder in which the AWS CLI keeps assumed roles, also those that took an MFA code."""

_SENT = "eksview_sent"  # in the context of a call: when it was sent


class AwsSession:
    """Clients by service, shared by all tasks of one loop."""

    def __init__(self, place: AwsTarget, environ: Mapping[str, str]) -> None:
        self.place = place
        self.server_clock = ServerClock(time)
        self.environ = environ_of(place.env, environ)
        self._session = _session(place, self.environ)
        self._clients: dict[str, asyncio.Task[Any]] = {}
        self._kept: set[str] = set()  # services whose models the collector leaves alone
        self._stack = AsyncExitStack()
        self._ready: asyncio.Task[None] | None = None

    async def client(self, service: str) -> Any:
        """Return the client of a service, made on the first call. Raises botocore's errors."""
        task = self._clients.get(service)
        if task is None or _failed(task):
            task = self._clients[service] = asyncio.create_task(self._make(service))
        return await asyncio.shield(task)

    async def credentials(self) -> AioCredentials:
        """Return the credentials; raises NoCredentialsError."""
        await self._prepare()
        credentials = await self._session.get_credentials()
        if credentials is None:
            raise NoCredentialsError
        return credentials

    async def token_endpoint(self) -> StsEndpoint | None:
        """Return the STS that an EKS token is signed for; None without a region.

        It is AWS's own even with AWS_ENDPOINT_URL: a cluster refuses tokens for other hosts.
        """
        await self._prepare()
        region = self._session.get_config_variable("region")
        if not region:
            return None
        config = AioConfig(ignore_configured_endpoint_urls=True)
        async with self._session.create_client("sts", region_name=region, config=config) as client:
            operation = client.meta.service_model.operation_model("GetCallerIdentity")
            # A private name of aiobotocore, which shows the signature's region nowhere else.
            endpoint = await client._ruleset_resolver.construct_endpoint(
                operation, {}, {"client_config": client.meta.config}
            )
        schemes = endpoint.properties.get("authSchemes") or [{}]
        return StsEndpoint(endpoint.url, schemes[0].get("signingRegion", region))

    async def expires(self) -> float | None:
        """Return when the credentials end, in seconds since the epoch; None if unlimited."""
        credentials = await self.credentials()
        await credentials.get_frozen_credentials()
        end = getattr(credentials, "_expiry_time", None)
        return end.timestamp() if end is not None else None

    async def close(self) -> None:
        """Close all connections."""
        tasks, self._clients = list(self._clients.values()), {}
        if self._ready is not None:
            tasks.append(self._ready)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._stack.aclose()

    async def renew(self) -> None:
        """Forget the credentials, or their absence, so that they are looked for again.

        botocore reads its files once, and a client made without credentials never gets any.
        """
        await self.close()
        self._session = _session(self.place, self.environ)
        self._ready = None

    async def _make(self, service: str) -> Any:
        if not self.place.region:
            raise NoRegionError
        await self._prepare()
        # Reading the service's model takes 0.1 s and more, which would hold up the nodes' watch.
        await asyncio.to_thread(self._load, service)
        config = AioConfig(
            connect_timeout=CONNECT,
            read_timeout=READ,
            retries={"total_max_attempts": 1},  # the links retry by themselves and show it
            user_agent_extra=f"eksview/{__version__}",
        )
        client = await self._stack.enter_async_context(
            self._session.create_client(
                service,
                region_name=self.place.region,
                config=config,
            )
        )
        client.meta.events.register("before-call", self._sending)
        client.meta.events.register("after-call", self._answered)
        if service not in self._kept:
            # The model stays in memory; collecting it would delay every key by 50 ms.
            self._kept.add(service)
            gc.freeze()
        return client

    def _sending(self, context: dict[str, Any], **_: object) -> None:
        context[_SENT] = self.server_clock.local()

    def _answered(self, parsed: dict[str, Any], context: dict[str, Any], **_: object) -> None:
        """Compare the clocks by an answer's Date."""
        headers = (parsed.get("ResponseMetadata") or {}).get("HTTPHeaders") or {}
        if _SENT in context:
            self.server_clock.observe(headers.get("date"), context[_SENT])

    def _load(self, service: str) -> None:
        loader = self._session.get_component("data_loader")
        loader.load_service_model(service, "service-2")
        loader.load_service_model(service, "endpoint-rule-set-1")

    async def _prepare(self) -> None:
        """Set up credentials once, before the first client is made."""
        if self._ready is None or _failed(self._ready):
            self._ready = asyncio.create_task(self._set_up())
        await asyncio.shield(self._ready)

    async def _set_up(self) -> None:
        # The session's region is that of STS; clients of other services are given the cluster's.
        region = self.place.sts_region or await asyncio.to_thread(self._profile_region)
        if region:
            self._session.set_config_variable("region", region)
        self._quieten()
        if self.place.role:
            await self._assume()

    def _quieten(self) -> None:
        """Keep botocore from prompting and from writing files."""
        providers = self._session.get_component("credential_provider")
        hide_processes(self._session, HiddenRunner(self.environ))
        provider = providers.get_provider("assume-role")
        provider._prompter = _refuse
        # New entries stay in memory: a ChainMap writes to its first map only.
        provider.cache = ChainMap({}, JSONFileCache(str(CACHE.expanduser())))

    def _profile_region(self) -> str:
        return self._session.get_config_variable("region") or self.place.region

    async def _assume(self) -> None:
        """Assume the role of the kubeconfig's exec block."""
        from aiobotocore.credentials import AioAssumeRoleCredentialFetcher  # noqa: PLC0415

        source = await self._session.get_credentials()
        if source is None:
            raise NoCredentialsError
        fetcher = AioAssumeRoleCredentialFetcher(
            client_creator=self._session.create_client,
            source_credentials=source,
            role_arn=self.place.role,
            extra_args={"RoleSessionName": "EKSGetTokenAuth"},
        )
        self._session._credentials = AioDeferredRefreshableCredentials(
            method="assume-role", refresh_using=fetcher.fetch_credentials
        )


def _session(place: AwsTarget, environ: Mapping[str, str]) -> AioSession:
    # Keys in variables come before a profile in a variable, and not before one in a flag.
    session = EnvironSession(environ, None if place.ambient else place.profile or None)
    # Also for the clients that botocore makes to get credentials: SSO, STS.
    session.set_default_client_config(AioConfig(http_session_cls=DirectSession))
    session.lazy_register_component(
        "data_loader", lambda: _loader(session.get_config_variable("data_path"))
    )
    return session


@cache
def _loader(path: str | None) -> Loader:
    """Return the reader of the models: 35 MB once they are read, the same for all sessions."""
    return create_loader(path)


def _failed(task: asyncio.Task[Any]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)


def _refuse(_: str) -> str:
    raise MfaWanted
