"""The context that all links share."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from msgspec import Struct

from eksview.aws.client.call_log import AwsCallLog
from eksview.aws.client.credentials_gate import CredentialsGate
from eksview.domain.aws.target import AwsTarget
from eksview.domain.base.clock import Clock, Sleep
from eksview.domain.live.messages import Sink


class ClientSource(Protocol):
    """The part of an `AwsSession` that the links use."""

    async def client(self, service: str) -> Any:
        """Return the client of a service, made on the first call."""

    async def renew(self) -> None:
        """Look for the credentials again."""


class AwsContext(Struct, frozen=True):
    """The session and target of the calls, the sink of their results, clock and chance."""

    session: ClientSource
    place: AwsTarget
    sink: Sink
    gate: CredentialsGate
    sleep: Sleep
    clock: Clock
    chance: Callable[[], float]
    recorder: AwsCallLog
    environ: Mapping[str, str]
