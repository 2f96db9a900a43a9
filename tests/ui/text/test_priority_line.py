"""Lines made of slots: what stays, what gives way, and where a click lands."""

import pytest

from eksview.ui.text.priority_line import Slot, choose, join, key_at, slot_lines

NAME = Slot((("eksview", "accent"),), rank=3)
PLACE = Slot((("prod", "strong"),))
STATE = Slot((("live", "ok"),), side="right")
RATE = Slot((("44/s", "dim"),), rank=1, side="right")
LINE = (NAME, PLACE, STATE, RATE)


def text(slots, side):
    return "".join(words for words, _ in join(slots, side))


def test_all_slots_are_shown_where_there_is_room():
    kept = choose(LINE, 40)
    assert text(kept, "left") == " eksview  prod"
    assert text(kept, "right") == " live  44/s "


def test_the_highest_rank_gives_way_first_and_rank_0_never():
    assert choose(LINE, 20) == [PLACE, STATE, RATE]
    assert choose(LINE, 13) == [PLACE, STATE]
    assert choose(LINE, 1) == [PLACE, STATE]


def test_of_equal_ranks_the_last_gives_way():
    first, second = (Slot(((word, "text"),), rank=1) for word in ("one", "two"))
    assert choose((first, second), 8) == [first]


@pytest.mark.parametrize(
    ("width", "place"),
    [(40, "a-long-context"), (21, "a-long-conte…"), (14, "a-lon…"), (3, "a-lo…")],
)
def test_what_may_be_cut_is_cut_before_what_may_not(width, place):
    long = Slot((("a-long-context", "strong"),), least=5)
    kept = choose((NAME, long, STATE), width)
    assert [each.words[0][0] for each in kept if each is not NAME] == [place, "live"]
    assert (NAME in kept) == (width == 40)


def test_what_is_cut_ends_in_the_glyph_that_is_asked_for():
    (kept,) = choose((Slot((("production", "strong"),), least=4),), 8, more="~")
    assert kept.words == (("produ~", "strong"),)


def test_an_empty_slot_takes_no_room():
    assert choose((Slot((("", "text"),)), PLACE), 40) == [PLACE]


def test_a_click_finds_the_slot_that_is_drawn_there():
    slots = [Slot((("? help", "dim"),), key="question_mark"), Slot((("q quit", "dim"),), key="q")]
    line = text(slots, "left")
    for word, key in (("?", "question_mark"), ("help", "question_mark"), ("q ", "q")):
        assert key_at(slots, line.index(word)) == key
    assert key_at(slots, 0) == ""
    assert key_at(slots, line.index("q ") - 1) == ""
    assert key_at(slots, 99) == ""


def test_without_a_gap_more_fits_and_clicks_find_their_slot():
    slots = [Slot((("[a]", "text"),), 0, key="a"), Slot((("[b]", "text"),), 1, key="b")]
    assert choose(slots, 6) == slots[:1]
    assert choose(slots, 6, 0) == slots
    assert join(slots, "left", 0) == ((" ", "text"), ("[a]", "text"), ("", "text"), ("[b]", "text"))
    assert [key_at(slots, x, 0) for x in (0, 1, 3, 4, 6, 7)] == ["", "a", "a", "b", "b", ""]


@pytest.mark.parametrize("width", range(24, 120))
def test_a_headline_that_has_no_room_is_folded_whole(width: int) -> None:
    slots = (
        Slot((("payments/api-00007", "strong"),)),
        Slot((("CrashLoopBackOff", "bad"),)),
        Slot((("back-off of five minutes", "bad"),), folds=True),
        Slot((("8h", "dim"),), side="right"),
    )
    lines = ["".join(text for text, _ in line) for line in slot_lines(slots, width)]
    assert all(len(line) <= width for line in lines)
    shown = " ".join(" ".join(lines).split())
    for part in ("payments/api-00007", "CrashLoopBackOff", "back-off of five minutes", "8h"):
        assert part in shown


def test_what_stays_at_the_right_is_below_where_it_has_no_room():
    stale = Slot((("last update 16s ago", "warn"),), side="right")
    lines = ["".join(text for text, _ in line) for line in slot_lines((PLACE, stale), 24)]
    assert [line.split() for line in lines] == [["prod"], ["last", "update", "16s", "ago"]]
    (line,) = slot_lines((NAME, Slot((("production-eu-west", "strong"),))), 12)
    assert "".join(text for text, _ in line) == " production…"
