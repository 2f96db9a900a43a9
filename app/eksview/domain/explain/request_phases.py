"""The phases of a measured request: who takes the time of each, and their replay step by step."""

from collections.abc import Iterator, Mapping
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from eksview.domain.base.reading import Reading, value_of
from eksview.domain.base.text import EMPTY, Clean
from eksview.domain.rows.measured_request import (
    MeasuredPhase,
    MeasuredRequest,
    PhaseName,
    ServerMeans,
)
from eksview.domain.rows.server import Timing


class Party(StrEnum):
    """The one whose time a phase takes."""

    CLIENT = "client"
    NETWORK = "network"
    SERVER = "server"


PARTIES: Mapping[PhaseName, Party] = {
    PhaseName.CREDENTIALS: Party.CLIENT,
    PhaseName.DNS: Party.NETWORK,
    PhaseName.TCP: Party.NETWORK,
    PhaseName.PROXY: Party.NETWORK,
    PhaseName.TLS: Party.NETWORK,
    PhaseName.ANSWER: Party.SERVER,  # and one round trip
    PhaseName.BODY: Party.NETWORK,
}


def reached(request: MeasuredRequest) -> tuple[MeasuredPhase, ...]:
    """Return the phases that took time, the last of which may have failed."""
    return tuple(phase for phase in request.phases if phase.took is not None)


def failure_of(request: MeasuredRequest) -> MeasuredPhase | None:
    """Return the phase that failed; None where an answer came, even if that is a refusal."""
    return next((phase for phase in request.phases if phase.failed), None)


def end_of(request: MeasuredRequest) -> float:
    """Return the seconds from the request's beginning to its end or its failure."""
    return max(((phase.began or 0.0) + (phase.took or 0.0) for phase in request.phases), default=0)


def seconds_of(request: MeasuredRequest, party: Party) -> float:
    """Return the seconds of the phases that take a party's time."""
    phases = (phase for phase in request.phases if PARTIES[phase.name] is party)
    return sum(phase.took or 0.0 for phase in phases)


class ServerStep(StrEnum):
    """A step of the API server within the phase ANSWER, by its metrics."""

    AUTHENTICATION = "authentication"
    AUTHORIZATION = "authorization"
    STORAGE = "storage"  # a list of nodes read in etcd, not one of the watch cache
    WHOLE = "whole"  # the request, until its last byte


class ServerMean(Struct, frozen=True):
    """The mean of a step over all such requests since the API server started; None: uncounted."""

    step: ServerStep
    seconds: float | None
    calls: int = 0


def server_means(means: Reading[ServerMeans]) -> tuple[ServerMean, ...]:
    """Return the mean of every step; none where the metrics weren't read."""
    counted = value_of(means)
    return () if counted is None else tuple(_server_means(counted))


def _server_means(means: ServerMeans) -> Iterator[ServerMean]:
    timings: tuple[tuple[ServerStep, Timing], ...] = (
        (ServerStep.AUTHENTICATION, means.authentication),
        (ServerStep.AUTHORIZATION, means.authorization),
        (ServerStep.STORAGE, means.storage),
        (ServerStep.WHOLE, means.whole),
    )
    for step, timing in timings:
        yield ServerMean(step, timing.mean, timing.calls)


class Replay(Struct, frozen=True):
    """A request shown phase by phase: the first `shown` of `phases` are visible."""

    phases: tuple[MeasuredPhase, ...]
    shown: int = 0

    @property
    def visible(self) -> tuple[MeasuredPhase, ...]:
        """The phases up to the current one."""
        return self.phases[: self.shown]

    @property
    def ended(self) -> bool:
        """True once every phase is visible."""
        return self.shown == len(self.phases)

    @property
    def reason(self) -> Clean:
        """Why the current phase failed; empty if it didn't."""
        return self.visible[-1].reason if self.visible else EMPTY

    def forward(self) -> "Replay":
        """Return the replay one phase later, at most at its end."""
        return replace(self, shown=min(self.shown + 1, len(self.phases)))

    def back(self) -> "Replay":
        """Return the replay one phase earlier, at least before its beginning."""
        return replace(self, shown=max(self.shown - 1, 0))


def replay_of(request: MeasuredRequest) -> Replay:
    """Return the replay of a request before its first phase."""
    return Replay(reached(request))
