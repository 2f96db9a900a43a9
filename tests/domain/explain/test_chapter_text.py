"""The texts of Explain: their chapters, and how values come into them."""

from typing import get_args

import pytest

from eksview.config.package_texts import explain_texts
from eksview.domain.base.health import Health
from eksview.domain.base.text import Clean
from eksview.domain.explain.chapter_text import filled, value_words
from eksview.domain.explain.chapters import CHAPTERS
from eksview.domain.explain.checks import CHECKS
from eksview.domain.explain.request_phases import Party
from eksview.domain.explain.value import LiveValue, Unread
from eksview.domain.rows.access import CredentialKind
from eksview.domain.rows.measured_request import PhaseName

TEXTS = explain_texts("en")


def test_every_chapter_has_its_text_in_order() -> None:
    assert list(TEXTS.chapters) == [spec.id for spec in CHAPTERS]


def test_a_placeholder_becomes_a_piece_with_its_value() -> None:
    ready = LiveValue(Clean("3"), at=5.0)
    pieces = filled("{ready} are Ready.", {"ready": ready}, TEXTS)
    assert [(piece.text, piece.value) for piece in pieces] == [("3", ready), (" are Ready.", None)]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (LiveValue(Clean("7")), "7"),
        (LiveValue(Clean("7"), unread="failed"), "7"),  # the last known
        (LiveValue(word="yes"), "yes"),
        (LiveValue(unread="loading"), "(not read yet)"),
        (LiveValue(unread="refused"), "(not readable)"),
        (
            LiveValue(unread="refused", right=Clean("eks:DescribeCluster")),
            "(needs eks:DescribeCluster)",
        ),
    ],
)
def test_a_value_is_worded_by_how_it_was_read(value: LiveValue, words: str) -> None:
    assert value_words(value, TEXTS) == words


def test_every_check_and_phase_has_its_words() -> None:
    assert list(TEXTS.chapters["commands"].drawing) == [check.id for check in CHECKS]
    labels = TEXTS.chapters["request"].drawing
    assert {f"phase-{name}" for name in PhaseName} <= labels.keys()
    assert {f"party-{party}" for party in Party} <= labels.keys()


def test_every_kind_of_credential_and_health_has_its_word() -> None:
    kinds = {kind.lower().replace(" ", "-") for kind in get_args(CredentialKind)}
    assert {f"credential-{kind}" for kind in kinds} <= TEXTS.words.keys()
    assert {f"health-{health}" for health in Health} <= TEXTS.words.keys()
    assert {state for state in get_args(Unread) if state} <= TEXTS.unread.keys()
