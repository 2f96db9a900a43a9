"""What is followed, by how much there is and by what was asked for."""

import pytest

from eksview.domain.live.watch_scope import WatchScope, link_of_pods, most_pods, unwatched_reason


@pytest.mark.parametrize(
    ("watch", "pods", "apart"),
    [
        (WatchScope.FITTING, 0, False),
        (WatchScope.FITTING, 150_000, False),  # Kubernetes' stated limit
        (WatchScope.FITTING, 250_000, False),
        (WatchScope.FITTING, 250_001, True),
        (WatchScope.FITTING, 600_000, True),
        (WatchScope.ALL, 600_000, False),
        (WatchScope.NODES, 1, True),
    ],
)
def test_pods_are_followed_up_to_a_number(watch: WatchScope, pods: int, *, apart: bool) -> None:
    assert (pods > most_pods(watch)) is apart


@pytest.mark.parametrize(
    ("watch", "announced", "words"),
    [
        (WatchScope.NODES, None, ("because of --watch nodes", "Open a node")),
        (WatchScope.FITTING, 600_003, ("600,003", "250,000 at most", "--watch all", "Open a node")),
        (WatchScope.FITTING, None, ("more than 250,000", "--watch all", "Open a node")),
    ],
)
def test_why_they_are_not_is_said_with_what_to_do(
    watch: WatchScope, announced: int | None, words: tuple[str, ...]
) -> None:
    said = unwatched_reason(watch, announced)
    assert all(word in said for word in words), said


def test_a_nodes_pods_have_a_link_of_their_own() -> None:
    assert link_of_pods("ip-10-0-1-7") == "pods/ip-10-0-1-7"
