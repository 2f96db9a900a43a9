"""The part of a backend that explains: it measures requests and runs the everyday checks."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING

from eksview.config.settings import Settings
from eksview.domain.rows.measured_request import MeasuredRequest
from eksview.domain.rows.server import ServerTimings
from eksview.engine.acting_backend import ActingBackend

if TYPE_CHECKING:  # the first frame needn't wait for these
    from eksview.domain.rows.check_output import CheckOutput


class ExplainingBackend(ActingBackend):
    """An acting backend that explains too; every method raises only `UserError`."""

    _environ: Mapping[str, str]

    @property
    @abstractmethod
    def _watched(self) -> Settings:
        """The settings of the cluster that is watched now."""

    async def timings(self) -> ServerTimings:
        return await self._call(self._requests.timings())

    async def measure_request(self) -> MeasuredRequest:
        return await self._call(self._requests.measure_request())

    async def run_check(self, check: str, node: str = "") -> "CheckOutput":
        from eksview.domain.explain.checks import check_of  # noqa: PLC0415
        from eksview.engine.check_runner import run_check  # noqa: PLC0415

        access = self._requests.access
        running = run_check(check_of(check), node, access, self._watched, self._environ)
        return await self._call(running)
