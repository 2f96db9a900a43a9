"""What all links share, and what a test replaces."""

import os
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from msgspec import Struct

from eksview.aws.client.call_log import AwsCallLog
from eksview.aws.client.credentials_gate import CredentialsGate
from eksview.domain.aws.target import AwsTarget
from eksview.domain.base.clock import Clock
from eksview.domain.live.messages import Sink


class ClientSource(Protocol):
    """What the links need of an `AwsSession`."""

    async def client(self, service: str) -> Any:
        """The client of a service, made when it is first asked for."""

    async def renew(self) -> None:
        """Look for the credentials anew."""


class AwsContext(Struct, frozen=True):
    """Where to ask, whom to tell, and the course of time."""

    session: ClientSource
    place: AwsTarget
    sink: Sink
    gate: CredentialsGate
    sleep: Callable[[float], Awaitable[None]]
    clock: Clock
    chance: Callable[[], float]
    recorder: AwsCallLog
    environ: Mapping[str, str] = os.environ
