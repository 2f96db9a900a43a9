"""What is shown of contexts, and what finds them."""

import pytest

from eksview.domain.aws.context_parts import ContextParts, choices_of, matching, parts_of
from eksview.domain.live.backend_protocol import ContextInfo

ARN = "arn:aws:eks:us-west-2:111122223333:cluster/payments"
HOST = "https://0A1B2C3D.gr7.us-west-2.eks.amazonaws.com"


def context(name: str, cluster: str = "", server: str = "", user: str = "") -> ContextInfo:
    return ContextInfo(name, cluster or name, user, "", server)


@pytest.mark.parametrize(
    ("given", "parts"),
    [
        (context(ARN, server=HOST), ContextParts("payments", "us-west-2", "111122223333")),
        (
            context("arn:aws-us-gov:eks:us-gov-west-1:111122223333:cluster/a"),
            ContextParts("a", "us-gov-west-1", "111122223333"),
        ),
        (context("prod", ARN, HOST), ContextParts("prod", "us-west-2", "111122223333")),
        (context("prod", "prod", HOST), ContextParts("prod", "us-west-2")),
        (
            context("ops@demo.us-west-2.eksctl.io", "demo.us-west-2.eksctl.io", HOST),
            ContextParts("ops@demo", "us-west-2"),
        ),
        (
            context("kind-dev", server="https://127.0.0.1:6443"),
            ContextParts("kind-dev", server="127.0.0.1:6443"),
        ),
        (context("lost", "nowhere"), ContextParts("lost")),
        (context("arn:aws:iam::111122223333:role/x"), ContextParts(
            "arn:aws:iam::111122223333:role/x")),
    ],
)  # fmt: skip
def test_a_context_is_shown_by_the_parts_that_differ(
    given: ContextInfo, parts: ContextParts
) -> None:
    assert parts_of([given]) == [parts]


def test_two_contexts_never_read_alike() -> None:
    alike = [context(ARN, server=HOST), context("payments", ARN, HOST)]
    assert [part.name for part in parts_of(alike)] == [ARN, "payments"]


def test_they_are_in_the_order_of_what_is_shown() -> None:
    names = [f"arn:aws:eks:{region}:111122223333:cluster/{name}" for name, region in (
        ("web-10", "us-west-2"), ("web-9", "us-west-2"), ("web-9", "eu-west-1"))]  # fmt: skip
    choices = choices_of([context(name) for name in names])
    assert [choice.context.name for choice in choices] == [names[2], names[1], names[0]]


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 3), ("pay", 1), ("WEST-2 1111", 1), ("2222 pay", 1), ("pay ml", 0), ("alice", 1),
     ("example.com", 1), ("cluster/pay", 1)],
)  # fmt: skip
def test_every_word_may_be_of_any_part(text: str, count: int) -> None:
    contexts = [
        context(ARN, server=HOST),
        context("ml", user="alice"),
        context("x", server="https://x.example.com"),
    ]
    assert len(matching(choices_of(contexts), text)) == count
