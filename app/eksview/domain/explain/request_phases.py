"""The phases of a measured request: who takes the time of each, and their replay step by step."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from eksview.domain.rows.measured_request import MeasuredPhase, MeasuredRequest, PhaseName


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


class Replay(Struct, frozen=True):
    """A request shown phase by phase: the first `shown` of `phases` are visible."""

    phases: tuple[MeasuredPhase, ...]
    shown: int = 0

    @property
    def ended(self) -> bool:
        """True once every phase is visible."""
        return self.shown == len(self.phases)

    def forward(self) -> "Replay":
        """Return the replay one phase later, at most at its end."""
        return replace(self, shown=min(self.shown + 1, len(self.phases)))


def replay_of(request: MeasuredRequest) -> Replay:
    """Return the replay of a request before its first phase."""
    return Replay(reached(request))
