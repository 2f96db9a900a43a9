"""The counts above a table: whole ones, trouble last to go."""

import pytest

from eksview.ui.base.lines.count_line import counts_within, ends_within
from eksview.ui.text.styled_text import width_of
from eksview.ui.text.words import Words

COUNTS: Words = (
    ("40 pods", "strong"), (": ", "dim"), ("12 CrashLoopBackOff", "bad"), (", ", "dim"),
    ("3 Pending", "warn"), (", ", "dim"), ("25 Running", "text"), (", 5 more", "dim"),
)  # fmt: skip


def text(words: Words) -> str:
    return "".join(word for word, _ in words)


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (80, "40 pods: 12 CrashLoopBackOff, 3 Pending, 25 Running, 5 more"),
        (58, "40 pods: 12 CrashLoopBackOff, 3 Pending, 25 Running, …"),
        (54, "40 pods: 12 CrashLoopBackOff, 3 Pending, 25 Running, …"),
        (53, "40 pods: 12 CrashLoopBackOff, 3 Pending, …"),
        (41, "40 pods: 12 CrashLoopBackOff, …"),
        (30, "40 pods: …"),
    ],
)
def test_calm_counts_go_first_and_whole(width: int, shown: str) -> None:
    assert text(counts_within(COUNTS, width, "…")) == shown


@pytest.mark.parametrize("width", range(10, 90))
def test_no_count_is_cut(width: int) -> None:
    words = counts_within(COUNTS, width, "…")
    assert width_of(words) <= width
    assert {word for word, _ in words} <= {word for word, _ in COUNTS} | {", …", ": …", "5 more"}


def test_the_right_end_is_the_longest_that_has_room() -> None:
    rights: list[Words] = [(("EC2 18s ago, every 30s", "dim"),), (("EC2 18s ago", "dim"),)]
    left: Words = (("7 rows", "text"),)
    assert text(ends_within(left, rights, 40)) == "EC2 18s ago, every 30s"
    assert text(ends_within(left, rights, 29)) == "EC2 18s ago"
    assert ends_within(left, rights, 18) == ()
