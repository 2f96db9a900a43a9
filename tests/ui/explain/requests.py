"""Measured requests, for the chapter about one."""

from msgspec.structs import replace

from eksview.domain.base.reading import Read
from eksview.domain.base.text import Clean
from eksview.domain.rows.measured_request import (
    MeasuredPhase,
    MeasuredRequest,
    PhaseName,
    ServerMeans,
)
from eksview.domain.rows.server import Timing
from tests.ui.harness import NOW

ANSWERED = MeasuredRequest(
    NOW,
    Clean("https://api.example.com"),
    Clean("/api/v1/nodes?limit=500"),
    (
        MeasuredPhase(PhaseName.CREDENTIALS, 0.0, 0.001),
        MeasuredPhase(PhaseName.DNS, 0.001, 0.004),
        MeasuredPhase(PhaseName.TCP, 0.005, 0.010),
        MeasuredPhase(PhaseName.TLS, 0.015, 0.020),
        MeasuredPhase(PhaseName.ANSWER, 0.035, 0.012),
        MeasuredPhase(PhaseName.BODY, 0.047, 0.003),
    ),
    status=200,
    http=Clean("HTTP/1.1"),
    tls=Clean("TLSv1.3"),
    received=8_120,
    size=41_044,
    items=6,
    remaining=0,
    means=Read(ServerMeans(Timing(9, 0.01), Timing(9, 0.003), Timing(3, 0.03)), NOW),
)
CUT = replace(
    ANSWERED,
    phases=(
        *ANSWERED.phases[:2],
        MeasuredPhase(
            PhaseName.TCP, 0.005, reason=Clean("Connection refused by 10.0.0.9:443."), failed=True
        ),
    ),
    status=None,
    reason=Clean("Connection refused by 10.0.0.9:443."),
)
