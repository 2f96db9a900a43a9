"""Running sums: whatever is added and taken away, they are those of what is left."""

from hypothesis import given
from hypothesis import strategies as st

from eksview.domain.kube.pod_totals import PodTotals
from eksview.domain.rows.kube import PodRow, Requests

amounts = st.integers(0, 2**40)
pods = st.builds(
    PodRow,
    uid=st.uuids().map(str),
    namespace=st.just("shop"),
    name=st.just("p"),
    node=st.just("n"),
    status=st.just("Running"),
    ready=st.just(1),
    containers=st.just(1),
    restarts=st.integers(0, 9),
    restarted=st.none(),
    created=st.just(0.0),
    ip=st.just(""),
    requests=st.builds(Requests, amounts, amounts, amounts, amounts),
    labels=st.just(""),
    owner=st.just(""),
    counted=st.booleans(),
)


def values(sums: PodTotals) -> tuple[int, ...]:
    return tuple(getattr(sums, name) for name in PodTotals.__slots__)


def summed(rows: list[PodRow]) -> PodTotals:
    sums = PodTotals()
    for row in rows:
        sums.add(row)
    return sums


@given(st.lists(st.tuples(pods, st.booleans())))
def test_taking_away_leaves_the_sums_of_the_rest(rows: list[tuple[PodRow, bool]]) -> None:
    sums = summed([row for row, _ in rows])
    for row, stays in rows:
        if not stays:
            sums.remove(row)
    assert values(sums) == values(summed([row for row, stays in rows if stays]))


@given(st.lists(pods))
def test_only_pods_that_still_run_hold_resources(rows: list[PodRow]) -> None:
    sums, held = summed(rows), [row for row in rows if row.counted]
    assert sums.pods == len(held)
    assert sums.cpu == sum(row.requests.cpu for row in held)
    assert sums.memory == sum(row.requests.memory for row in held)
