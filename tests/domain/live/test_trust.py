"""What may be shown of a link: live only while it is confirmed."""

import pytest

from eksview.domain.live.trust import Trust, progress, summary, trust
from eksview.domain.rows.link import Link, Phase


def link(
    phase: Phase, name: str = "pods", heard: float | None = None, retry_at: float | None = None
) -> Link:
    return Link(name, phase, 0.0, heard=heard, retry_at=retry_at)


PROBE_LOST = link(Phase.RETRYING, "health")
PROBE_FINE = link(Phase.LIVE, "health")


@pytest.mark.parametrize(
    ("stream", "probe", "expected"),
    [
        (None, None, Trust.ABSENT),
        (link(Phase.LIVE), None, Trust.LIVE),
        (link(Phase.LIVE), PROBE_FINE, Trust.LIVE),
        (link(Phase.LIVE), PROBE_LOST, Trust.STALE),
        (link(Phase.RETRYING, heard=1.0), PROBE_FINE, Trust.STALE),
        (link(Phase.RETRYING), PROBE_FINE, Trust.ABSENT),
        (link(Phase.CONNECTING), None, Trust.LOADING),
        (link(Phase.LISTING), None, Trust.LOADING),
        (link(Phase.REFUSED), None, Trust.ABSENT),
        (link(Phase.OFF), None, Trust.ABSENT),
    ],
)
def test_trust_is_judged_by_the_stream_and_the_probe_beside_it(
    stream: Link | None, probe: Link | None, expected: Trust
) -> None:
    assert trust(stream, probe) is expected


def test_progress_is_known_only_when_the_server_says_what_remains() -> None:
    assert progress(Link("pods", Phase.LISTING, 0.0, loaded=500)) is None
    assert progress(Link("pods", Phase.LISTING, 0.0, loaded=500, remaining=1500)) == 0.25
    assert progress(Link("pods", Phase.LISTING, 0.0, loaded=0, remaining=0)) == 1.0


@pytest.mark.parametrize(
    ("links", "words"),
    [
        ([], "starting"),
        ([link(Phase.LIVE), link(Phase.LIVE, "nodes")], "live"),
        ([link(Phase.LIVE), link(Phase.LISTING, "nodes")], "reading nodes"),
        ([link(Phase.OFF), link(Phase.LIVE, "nodes")], "live"),
        ([link(Phase.OFF), link(Phase.LISTING, "pods/ip-10-0-1-7.internal")], "reading pods"),
        ([link(Phase.OFF), link(Phase.OFF, "nodes")], "not watched"),
        ([link(Phase.CONNECTING)], "connecting"),
        ([link(Phase.REFUSED), link(Phase.LISTING, "nodes")], "pods refused"),
        (
            [link(Phase.RETRYING, retry_at=104.0), link(Phase.RETRYING, "nodes", retry_at=109.0)],
            "pods +1 retrying, next try in 4 s",
        ),
        (
            [link(Phase.RETRYING, retry_at=109.0), link(Phase.REFUSED, "nodes", retry_at=104.0)],
            "pods retrying, next try in 9 s",
        ),
    ],
)
def test_the_summary_names_the_worst_first(links: list[Link], words: str) -> None:
    assert summary({each.name: each for each in links}, now=100.0) == words


def test_the_header_names_a_table_by_its_resource() -> None:
    refused = Link("table/deployments.apps/shop", Phase.REFUSED, 0.0)
    assert summary({refused.name: refused}, 0.0) == "deployments.apps refused"
