"""The pods of a drain plan as lines of any width."""

import pytest

from eksview.domain.base.text import cells
from eksview.domain.drain.budgets import Leave, Verdict
from eksview.domain.drain.eviction import Fate
from eksview.domain.drain.placement import Fit
from eksview.domain.drain.plan import PlannedPod
from eksview.ui.nodes.drain_pods import pod_lines


def planned(name: str, owner: str, fate: Fate, fit: Fit | None = None) -> PlannedPod:
    verdict = Verdict(Leave.ALLOWED)
    return PlannedPod(
        "kube-system", name, name, owner, fate, (), verdict, 0, 0, False, None, fit=fit
    )


PODS = (
    planned(
        "ebs-csi-controller-5c7b9d6f88-5k9wh", "Deployment/ebs-csi-controller", Fate.MOVES,
        Fit("ip-10-0-1-182.us-west-2.compute.internal"),
    ),
    planned("aws-node-q9gj5", "DaemonSet/aws-node", Fate.DAEMONSET),
    planned("static-web", "Node/a", Fate.MIRROR),
)  # fmt: skip


def drawn(width: int, more: str = "…") -> list[str]:
    lines = pod_lines(PODS, width, lambda name: name.partition(".")[0], more)
    return ["".join(text for text, _ in line) for line in lines]


@pytest.mark.parametrize("width", range(70, 200, 7))
def test_what_becomes_of_a_pod_is_never_cut(width: int) -> None:
    lines = drawn(width)
    text = "\n".join(lines)
    assert all(cells(line) <= width for line in lines)
    for fate in ("moves", "stays (DaemonSet)", "stays (static pod)", "fits on ip-10-0-1-182"):
        assert fate in text


def test_notes_are_below_where_they_do_not_fit_beside() -> None:
    assert "WHY" not in drawn(76)[0]
    assert drawn(76)[2] == "    fits on ip-10-0-1-182"
    assert drawn(160)[0].endswith("  WHY")
    assert drawn(160)[1].endswith("moves               fits on ip-10-0-1-182")


def test_a_place_elsewhere_is_no_warning_and_its_lack_is() -> None:
    lost = planned("web", "ReplicaSet/web", Fate.MOVES, Fit(reason="3 nodes: too little cpu"))
    lines = list(pod_lines((PODS[0], lost), 160, str, "…"))
    assert [line[-1][1] for line in lines[1:]] == ["dim", "warn"]


def test_ascii_cuts_with_an_ascii_sign() -> None:
    assert all(line.isascii() for line in drawn(70, "~"))
