"""The figures from which a value is marked as a warning or as bad, set in the configuration file.

To add one, declare it here and pass `Thresholds` to its rule: key, check and documentation are
derived from the field.
"""

from typing import Annotated, TypeAlias

from msgspec import Meta, Struct

from eksview.domain.base.health import Health

Percent: TypeAlias = Annotated[int, Meta(ge=1, le=1000)]
Number: TypeAlias = Annotated[int, Meta(ge=1)]
Seconds: TypeAlias = Annotated[int, Meta(ge=1)]


class Thresholds(Struct, frozen=True):
    """Each mark's lowest value. Percents are of what a node can allocate or a container may use."""

    usage_warn: Annotated[Percent, Meta(description="percent of CPU or memory in use: warning")] = (
        90
    )
    usage_bad: Annotated[Percent, Meta(description="percent of CPU or memory in use: bad")] = 100
    requests_warn: Annotated[
        Percent, Meta(description="percent of a node requested, or of its pods: warning")
    ] = 90
    restarts: Annotated[
        Number, Meta(description="restarts of a pod from which a recent one is a warning")
    ] = 1
    restart_age: Annotated[Seconds, Meta(description="seconds for which a restart is recent")] = 600
    heartbeat_age: Annotated[
        int,
        Meta(
            ge=0,
            description="seconds from which a heartbeat is late, and after a quarter more "
            "missing; 0: those of the node's lease",
        ),
    ] = 0

    def usage(self, share: int | None) -> Health:
        """Return the health of a percentage in use; OK where it is unknown."""
        if share is None or share < min(self.usage_warn, self.usage_bad):
            return Health.OK
        return Health.BAD if share >= self.usage_bad else Health.WARN

    def requests(self, share: int | None) -> Health:
        """Return the health of a percentage of a node that is requested; OK if unknown."""
        return Health.OK if share is None or share < self.requests_warn else Health.WARN

    def restarted(self, restarts: int, seconds: float | None) -> Health:
        """Return the health of a number of restarts, the last of them some seconds ago."""
        recent = seconds is not None and seconds < self.restart_age
        return Health.WARN if recent and restarts >= self.restarts else Health.OK


USUAL = Thresholds()
