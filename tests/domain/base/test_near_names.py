"""What a mistyped name may mean."""

import pytest

from eksview.domain.base.near_names import alternatives, brief, near_names
from tests.crowded_kubeconfig import arn

ARNS = [arn(number) for number in range(400)]


@pytest.mark.parametrize(
    ("wanted", "names", "near"),
    [
        ("kube-sytem", ["shop", "kube-system"], ["kube-system"]),
        ("PROD", ["staging", "prod"], ["prod"]),
        ("prod", ["old-prod", "prod-eu", "staging"], ["prod-eu", "old-prod"]),
        ("get", ["poddisruptionbudgets"], []),
        ("budget", ["poddisruptionbudgets"], ["poddisruptionbudgets"]),
        (
            "dev",
            ["arn:aws:eks:us-west-2:1:cluster/eu-dev"],
            ["arn:aws:eks:us-west-2:1:cluster/eu-dev"],
        ),
        ("nowhere", ["prod", "staging"], []),
        ("", ["prod"], []),
        ("payments-0012", ARNS, [arn(12)]),
        ("paymnts-0012", ARNS, [arn(12)]),
        ("cluster/search-0013", ARNS, [arn(13)]),
    ],
)
def test_the_nearest_name_is_first(wanted: str, names: list[str], near: list[str]) -> None:
    assert near_names(wanted, names)[: max(1, len(near))] == near


def test_three_at_most_are_near() -> None:
    assert len(near_names("payments", ARNS)) == 3


@pytest.mark.parametrize(
    ("wanted", "names", "sentence"),
    [
        ("gone", [], "; there are: none"),
        ("gone", ["prod"], "; there are: prod"),
        ("pro", ["prod", "prod-eu"], "; did you mean prod or prod-eu?"),
        ("zzz", ARNS, ""),
    ],
)
def test_a_sentence_names_what_there_is(wanted: str, names: list[str], sentence: str) -> None:
    assert alternatives(wanted, names) == sentence


def test_a_sentence_stays_short_and_clean_whatever_the_names() -> None:
    long = "x" * 20_000
    assert len(brief(long)) == 160
    assert len(alternatives(long, [long + str(number) for number in range(50)])) < 600
    assert "\x1b" not in alternatives("a", ["a\x1b]52;c;\x07"])
