"""Whose time each phase takes, and the replay from the first to the last."""

import pytest

from eksview.domain.base.reading import NOT_ASKED, Read
from eksview.domain.base.text import Clean
from eksview.domain.explain.request_phases import (
    PARTIES,
    Party,
    ServerStep,
    end_of,
    failure_of,
    reached,
    replay_of,
    seconds_of,
    server_means,
)
from eksview.domain.rows.measured_request import (
    MeasuredPhase,
    MeasuredRequest,
    PhaseName,
    ServerMeans,
)
from eksview.domain.rows.server import Timing

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


@pytest.mark.parametrize(
    ("phases", "end", "client", "network", "server"),
    [(GOOD, 3.75, 0.5, 1.125, 2.0), (BROKEN, 1.75, 0.5, 1.25, 0.0), ((), 0.0, 0.0, 0.0, 0.0)],
)
def test_times_are_summed_by_whose_they_are(phases, end, client, network, server):
    measured = request(*phases)
    assert end_of(measured) == end
    assert [seconds_of(measured, party) for party in Party] == [client, network, server]


def test_every_phase_is_somebodys():
    assert set(PARTIES) == set(PhaseName)


def test_what_was_never_reached_is_no_step():
    assert [each.name for each in reached(request(*BROKEN))] == ["credentials", "DNS", "TCP"]
    assert failure_of(request(*BROKEN)) == REFUSED
    assert failure_of(request(*GOOD)) is None
    skipped = MeasuredPhase(PhaseName.DNS, reason=Clean("The address is a number."))
    assert reached(request(skipped)) == ()


def test_a_replay_goes_forward_and_back_and_stays_within_its_ends():
    replay = replay_of(request(*BROKEN))
    assert (replay.visible, replay.back(), replay.ended) == ((), replay, False)
    steps = [replay := replay.forward() for _ in range(4)]
    assert [len(each.visible) for each in steps] == [1, 2, 3, 3]
    assert [each.ended for each in steps] == [False, False, True, True]
    assert [each.reason for each in steps] == ["", "", "Connection refused.", "Connection refused."]
    assert replay.back().visible == BROKEN[:2]


def test_a_replay_of_nothing_has_ended():
    assert replay_of(request()).ended


def test_the_servers_means_are_those_that_were_counted():
    counted = ServerMeans(storage=Timing(4, 1.0), whole=Timing(2, 1.0))
    means = server_means(Read(counted, 5.0))
    assert [(each.step, each.seconds, each.calls) for each in means] == [
        (ServerStep.AUTHENTICATION, None, 0),
        (ServerStep.AUTHORIZATION, None, 0),
        (ServerStep.STORAGE, 0.25, 4),
        (ServerStep.WHOLE, 0.5, 2),
    ]
    assert server_means(NOT_ASKED) == ()
