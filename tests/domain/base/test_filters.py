"""What is typed after `/`: every text is a filter, and it means what kubectl's would."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksview.domain.base.filters import parse_filter

LABELS = {"app": "web", "tier": "", "topology.kubernetes.io/zone": "us-west-2a"}
LABELS_TEXT = "app=web,tier=,topology.kubernetes.io/zone=us-west-2a"
HAYSTACK = "web-7d876db474-dsqx8 running ip-10-0-3-234"


@pytest.mark.parametrize("labels", [LABELS, LABELS_TEXT], ids=["mapping", "text"])
@pytest.mark.parametrize(
    ("typed", "passes"),
    [
        ("", True),
        ("   ", True),
        ("web", True),
        ("WEB", True),
        ("api", False),
        ("web running", True),
        ("web pending", False),
        ("!api", True),
        ("!web", False),
        ("!", True),
        ("app=web", True),
        ("app==web", True),
        ("app=we", False),
        ("pp=web", False),
        ("App=web", False),
        ("app=api", False),
        ("app!=api", True),
        ("app!=web", False),
        ("missing!=x", True),
        ("missing=x", False),
        ("missing=", False),
        ("!app=web", False),
        ("!app=api", True),
        ("!app!=web", True),
        ("tier=", True),
        ("tier!=", False),
        ("topology.kubernetes.io/zone=us-west-2a", True),
        ("app=web 10-0-3 !crash", True),
        ("app=web 10-0-4", False),
        ("=", False),
        ("!=", True),
        ("[", False),
    ],
)
def test_a_row_passes(typed: str, passes: bool, labels: Mapping[str, str] | str) -> None:
    assert parse_filter(typed).matches(HAYSTACK, labels) is passes


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("", ()),
        ("Web  Running", ("web", "running")),
        ("!web", None),
        ("app=web", None),
        ("web !", ("web",)),
    ],
)
def test_plain_text_alone_has_a_fast_path(typed: str, plain: tuple[str, ...] | None) -> None:
    assert parse_filter(typed).plain == plain


@pytest.mark.parametrize(
    ("new", "old", "narrows"),
    [
        ("web-7", "web", True),
        ("web run", "web", True),
        ("web", "", True),
        ("we", "web", False),
        ("", "web", False),
        ("web !crash", "!crash", True),
        ("!crashloop", "!crash", False),
        ("app=webs", "app=web", False),
    ],
)
def test_more_typed_may_only_thin_the_last_result(new: str, old: str, narrows: bool) -> None:
    assert parse_filter(new).narrows(parse_filter(old)) is narrows


TYPED = st.text(st.sampled_from("ab=! "), max_size=8)


@given(TYPED, TYPED, st.text(st.sampled_from("ab "), max_size=6))
def test_narrowing_never_loses_a_row(new: str, old: str, haystack: str) -> None:
    one, other = parse_filter(new), parse_filter(old)
    if one.narrows(other) and one.matches(haystack, LABELS):
        assert other.matches(haystack, LABELS)


@given(st.text(), st.text())
def test_no_text_breaks_it(typed: str, haystack: str) -> None:
    parse_filter(typed).matches(haystack.lower(), LABELS_TEXT)
