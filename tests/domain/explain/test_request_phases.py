"""Whose time each phase takes, and the replay from the first to the last."""

import pytest

from eksview.domain.base.text import Clean
from eksview.domain.explain.request_phases import (
    PARTIES,
    end_of,
    failure_of,
    reached,
    replay_of,
)
from eksview.domain.rows.measured_request import (
    MeasuredPhase,
    MeasuredRequest,
    PhaseName,
)

GOOD = (
    MeasuredPhase(PhaseName.CREDENTIALS, 0.0, 0.5),
    MeasuredPhase(PhaseName.DNS, 0.5, 0.25),
    MeasuredPhase(PhaseName.TCP, 0.75, 0.125),
    MeasuredPhase(PhaseName.TLS, 1.0, 0.25),
    MeasuredPhase(PhaseName.ANSWER, 1.25, 2.0),
    MeasuredPhase(PhaseName.BODY, 3.25, 0.5),
)
REFUSED = MeasuredPhase(PhaseName.TCP, 0.75, 1.0, Clean("Connection refused."), failed=True)
BROKEN = (*GOOD[:2], REFUSED, *(MeasuredPhase(each.name) for each in GOOD[3:]))


def request(*phases: MeasuredPhase) -> MeasuredRequest:
    return MeasuredRequest(1.0, Clean("https://api"), Clean("/api/v1/nodes"), phases)


@pytest.mark.parametrize(("phases", "end"), [(GOOD, 3.75), (BROKEN, 1.75), ((), 0.0)])
def test_a_request_ends_with_its_last_phase_or_its_failure(phases, end):
    assert end_of(request(*phases)) == end


def test_every_phase_is_somebodys():
    assert set(PARTIES) == set(PhaseName)


def test_what_was_never_reached_is_no_step():
    assert [each.name for each in reached(request(*BROKEN))] == ["credentials", "DNS", "TCP"]
    assert failure_of(request(*BROKEN)) == REFUSED
    assert failure_of(request(*GOOD)) is None
    skipped = MeasuredPhase(PhaseName.DNS, reason=Clean("The address is a number."))
    assert reached(request(skipped)) == ()


def test_a_replay_goes_forward_to_its_end_and_stays_there():
    replay = replay_of(request(*BROKEN))
    assert (replay.phases, replay.shown, replay.ended) == (BROKEN[:3], 0, False)
    steps = [replay := replay.forward() for _ in range(4)]
    assert [each.shown for each in steps] == [1, 2, 3, 3]
    assert [each.ended for each in steps] == [False, False, True, True]


def test_a_replay_of_nothing_has_ended():
    assert replay_of(request()).ended
