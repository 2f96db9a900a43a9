"""The one AWS session of a cluster: its credentials, and a client per service made once.

botocore finds the credentials (SSO, assumed roles, web identity, instance metadata, processes).
Three things are ours: the region, for which it doesn't look at AWS_REGION; the environment, which
is a parameter; and that nothing is ever asked for on, or written to, somebody else's terminal and
files.
"""

import asyncio
import gc
from collections.abc import Mapping
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Any

from aiobotocore.config import AioConfig
from aiobotocore.credentials import AioCredentials, AioDeferredRefreshableCredentials
from aiobotocore.session import AioSession
from botocore.exceptions import (
    BotoCoreError,
    NoCredentialsError,
    NoRegionError,
    UnknownCredentialError,
)
from botocore.utils import JSONFileCache

from eksview import __version__
from eksview.aws.client.errors import MfaWanted
from eksview.aws.client.profiles import read_variables
from eksview.domain.aws.target import AwsTarget

CONNECT, READ = 5.0, 40.0  # seconds
CACHE = Path("~/.aws/cli/cache")
"""Where the AWS CLI keeps assumed roles, those that took an MFA code among them."""

_SERVICE_IDS = {"autoscaling": "AUTO_SCALING"}
"""Of AWS_ENDPOINT_URL_*, where it isn't the service's name in capitals."""


class ReadOnlyCache(JSONFileCache):  # type: ignore[misc]  # botocore has no types
    """What the AWS CLI has cached may be used; nothing is added to it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder.expanduser()))
        self._own: dict[str, Any] = {}

    def __contains__(self, key: str) -> bool:
        return key in self._own or super().__contains__(key)

    def __getitem__(self, key: str) -> Any:
        return self._own[key] if key in self._own else super().__getitem__(key)

    def __setitem__(self, key: str, value: Any) -> None:
        self._own[key] = value

    def __delitem__(self, key: str) -> None:
        self._own.pop(key, None)


class AwsSession:
    """Clients by service; safe to ask for the same one from many tasks of one loop."""

    def __init__(self, place: AwsTarget, environ: Mapping[str, str]) -> None:
        self.place = place
        # Keys in the environment come before AWS_PROFILE, as in the AWS CLI, not before --profile.
        ambient = None if environ.get("AWS_ACCESS_KEY_ID") else environ.get("AWS_PROFILE")
        self._profile = None if place.env else place.profile or ambient or None
        self._environ = environ
        self._session = _session(self._profile, environ)
        self._own: dict[str, str] = dict(place.env)
        self._clients: dict[str, asyncio.Task[Any]] = {}
        self._kept: set[str] = set()  # services whose models the collector leaves alone
        self._stack = AsyncExitStack()
        self._ready: asyncio.Task[None] | None = None

    async def client(self, service: str) -> Any:
        """The client of a service, made when it is first asked for. Raises botocore's errors."""
        task = self._clients.get(service)
        if task is None or _failed(task):
            task = self._clients[service] = asyncio.create_task(self._make(service))
        return await asyncio.shield(task)

    async def credentials(self) -> AioCredentials:
        """The credentials; NoCredentialsError where there are none."""
        await self._prepare()
        found = await self._session.get_credentials()
        if found is None:
            raise NoCredentialsError
        return found

    async def expires(self) -> float | None:
        """When the credentials in use end, in seconds since the epoch; None: not said."""
        found = await self.credentials()
        await found.get_frozen_credentials()
        end = getattr(found, "_expiry_time", None)
        return end.timestamp() if end is not None else None

    async def close(self) -> None:
        """Let go of every connection."""
        tasks, self._clients = list(self._clients.values()), {}
        if self._ready is not None:
            tasks.append(self._ready)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._stack.aclose()

    async def renew(self) -> None:
        """Forget the credentials, and that there were none: they are looked for anew.

        botocore reads its files once, and a client made without credentials never gets any.
        """
        await self.close()
        before, self._session = self._session, _session(self._profile, self._environ)
        with suppress(BotoCoreError):  # it has none if it came to nothing at once
            loader = before.get_component("data_loader")
            self._session.register_component("data_loader", loader)  # 35 MB, the same for all
        self._ready = None

    async def _make(self, service: str) -> Any:
        if not self.place.region:
            raise NoRegionError
        await self._prepare()
        # Reading the service's model takes 0.1 s and more, in which the nodes must go on.
        await asyncio.to_thread(self._load, service)
        config = AioConfig(
            connect_timeout=CONNECT,
            read_timeout=READ,
            retries={"total_max_attempts": 1},  # the links pace themselves, and say so
            user_agent_extra=f"eksview/{__version__}",
        )
        client = await self._stack.enter_async_context(
            self._session.create_client(
                service,
                region_name=self.place.region,
                endpoint_url=self._endpoint(service),
                config=config,
            )
        )
        if service not in self._kept:
            # The model stays; walked by the collector, it would hold every key up for 50 ms.
            self._kept.add(service)
            gc.freeze()
        return client

    def _endpoint(self, service: str) -> str | None:
        """Return the endpoint that the environment names; None leaves it to botocore."""
        if self._session.get_config_variable("ignore_configured_endpoint_urls"):
            return None
        name = _SERVICE_IDS.get(service, service.upper())
        return (
            self._environ.get(f"AWS_ENDPOINT_URL_{name}")
            or self._environ.get("AWS_ENDPOINT_URL")
            or None
        )

    def _load(self, service: str) -> None:
        loader = self._session.get_component("data_loader")
        loader.load_service_model(service, "service-2")
        loader.load_service_model(service, "endpoint-rule-set-1")

    async def _prepare(self) -> None:
        """Once for all clients: none is made before the role has been taken on."""
        if self._ready is None or _failed(self._ready):
            self._ready = asyncio.create_task(self._set_up())
        await asyncio.shield(self._ready)

    async def _set_up(self) -> None:
        if self._own:
            self._session.set_credentials(
                self._own.get("AWS_ACCESS_KEY_ID", ""),
                self._own.get("AWS_SECRET_ACCESS_KEY", ""),
                self._own.get("AWS_SESSION_TOKEN"),
            )
        self._quieten()
        if self.place.role:
            await self._assume()

    def _quieten(self) -> None:
        """No prompt over the screen, no file written, and keys of no other environment."""
        providers = self._session.get_component("credential_provider")
        with suppress(UnknownCredentialError):  # an explicit profile comes before keys
            providers.get_provider("env").environ = self._environ
        provider = providers.get_provider("assume-role")
        provider._prompter = _refuse
        provider.cache = ReadOnlyCache(CACHE)

    async def _assume(self) -> None:
        """The role of the kubeconfig's exec block, with the credentials found otherwise."""
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


def _session(profile: str | None, environ: Mapping[str, str]) -> AioSession:
    session = AioSession(profile=profile)
    read_variables(session, environ)
    return session


def _failed(task: asyncio.Task[Any]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)


def _refuse(_: str) -> str:
    raise MfaWanted
