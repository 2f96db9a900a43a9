"""Prose is folded by cells, at spaces and between wide characters, as JIS X 4051 wants it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksview.domain.base.text import cells, clean
from eksview.ui.text.prose import fold_words


def folded(text, width):
    return ["".join(piece for piece, _ in line) for line in fold_words(((text, "text"),), width)]


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, [""]),
        ("one two three", 7, ["one two", "three"]),
        ("one two three", 6, ["one", "two", "three"]),
        ("unbreakableword", 6, ["unbrea", "kablew", "ord"]),
        ("arn:aws:iam::111122223333:role/Ops", 20, ["arn:aws:iam::", "111122223333:role/", "Ops"]),
        ("system:authenticated", 14, ["system:", "authenticated"]),
        ("list nodes: ● yes", 14, ["list nodes:", "● yes"]),
        ("更新 ● 値です", 7, ["更新", "● 値で", "す"]),
        ("ノードは参加する", 8, ["ノードは", "参加する"]),
        ("ノードは参加する", 9, ["ノードは", "参加する"]),
        ("ノードは。参加", 8, ["ノード", "は。参加"]),
        ("ノードは「参加」", 10, ["ノードは", "「参加」"]),
        ("ノード kubelet が", 10, ["ノード", "kubelet が"]),
        ("ノードkubeletが", 8, ["ノード", "kubelet", "が"]),
        ("サーバー", 6, ["サー", "バー"]),
        ("a  b", 10, ["a  b"]),
    ],
)
def test_lines_end_at_spaces_and_between_wide_characters(text, width, lines):
    assert folded(text, width) == lines


def test_values_keep_their_tone_across_lines():
    words = (("Ready are ", "text"), ("3 of 4", "accent"), (".", "text"))
    assert fold_words(words, 12) == [
        (("Ready are ", "text"), ("3", "accent")),
        (("of 4", "accent"), (".", "text")),
    ]


def test_a_short_piece_such_as_a_value_is_split_at_spaces_only():
    words = (("グループ: ", "text"), ("（未取得）", "dim"), ("です。", "text"))
    assert fold_words(words, 16) == [
        (("グループ:", "text"),),
        (("（未取得）", "dim"), ("です。", "text")),
    ]


@given(
    st.text(alphabet="ab c。、「」（）漢字ノーーっ.e\u0301", max_size=60),
    st.integers(min_value=4, max_value=20),
)
def test_no_line_is_wider_and_no_character_is_lost(text, width):
    text = clean(text)
    lines = folded(text, width)
    assert all(cells(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
