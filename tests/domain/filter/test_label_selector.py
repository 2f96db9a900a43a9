"""Label selectors, held to the answers of apimachinery."""

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksview.domain.filter.errors import FilterError
from eksview.domain.filter.label_selector import labels_of, parse_selector
from tests.golden.go_selectors import LABELS, SELECTORS, recorded

ANSWERS = recorded()


def matching(text: str) -> list[int] | None:
    """The indices of the label sets that match; None for a selector that is refused."""
    try:
        selector = parse_selector(text)
    except FilterError:
        return None
    return [
        index
        for index, labels in enumerate(LABELS)
        if all(requirement.matches(labels) for requirement in selector)
    ]


@pytest.mark.parametrize("text", SELECTORS)
def test_it_selects_as_apimachinery_does(text: str) -> None:
    assert matching(text) == ANSWERS[text]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("app web", "'web' where one of in notin = == != > < is expected"),
        ("app=web tier=db", "'tier' where ',' or the end is expected"),
        ("x in (a", "the end where ')' is expected"),
        ("a*=b", "'a*' isn't the key of a label"),
        ("a=b*", "'b*' isn't the value of a label"),
        ("x>y", "'>' needs a whole number after it"),
    ],
)
def test_an_error_names_what_is_wrong(text: str, sentence: str) -> None:
    with pytest.raises(FilterError, match=re.escape(sentence)):
        parse_selector(text)


@given(st.text(st.sampled_from("abin(),=!<> \x1b\n"), max_size=12))
def test_no_text_breaks_it(text: str) -> None:
    with suppress(FilterError):
        parse_selector(text)


def test_labels_are_read_from_a_mapping_or_from_text() -> None:
    labels = {"app": "web", "tier": "", "a/b": "c"}
    assert labels_of(labels) == labels_of("app=web,tier=,a/b=c") == labels
    assert labels_of("") == {}
