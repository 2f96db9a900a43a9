"""The texts of Explain in Japanese: the same chapters, keys and placeholders, and no longer."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

import pytest
from msgspec.structs import fields

from eksview.config.package_texts import explain_texts
from eksview.domain.base.text import cells
from eksview.domain.explain.chapter_text import ChapterText, ExplainTexts, placeholders
from eksview.ui.text.prose import fold_words

ENGLISH, JAPANESE = explain_texts("en"), explain_texts("ja")
WIDTH, LINES = 76, 9
"""Cells and lines of a body at 80x24, beside a drawing."""
VALUE = "12345678"
"""A value of usual length, in place of each placeholder."""


def templates(texts: ExplainTexts) -> dict[str, str]:
    """Return every text by its place in the file."""
    return dict(_of_texts(texts))


def _of_texts(texts: ExplainTexts) -> Iterator[tuple[str, str]]:
    for field in fields(texts):
        if field.name != "chapters":
            yield from _of_table(field.name, getattr(texts, field.name))
    for id_, chapter in texts.chapters.items():
        yield from _of_chapter(f"chapters.{id_}", chapter)


def _of_chapter(place: str, chapter: ChapterText) -> Iterator[tuple[str, str]]:
    for name in ("title", "body", "opens"):
        yield f"{place}.{name}", getattr(chapter, name)
    for table in ("variants", "drawing", "absent"):
        yield from _of_table(f"{place}.{table}", getattr(chapter, table))


def _of_table(place: str, table: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield from ((f"{place}.{key}", text) for key, text in table.items())


EN, JA = templates(ENGLISH), templates(JAPANESE)
BODIES = [place for place in EN if ".body" in place or ".variants." in place]


def shown(template: str) -> str:
    """Return a template with a value in place of each placeholder."""
    return re.sub(r"\{[a-z_]+\}", VALUE, template)


def lines_of(body: str) -> list[str]:
    return [
        "".join(text for text, _ in line)
        for paragraph in body.strip().splitlines()
        for line in fold_words(((shown(paragraph), "text"),), WIDTH)
    ]


def test_both_languages_have_the_same_texts_in_the_same_order() -> None:
    assert list(JA) == list(EN)


@pytest.mark.parametrize("place", EN)
def test_a_text_has_the_same_placeholders(place: str) -> None:
    assert Counter(placeholders(JA[place])) == Counter(placeholders(EN[place]))


@pytest.mark.parametrize("place", BODIES)
def test_a_body_has_as_many_paragraphs_and_fits(place: str) -> None:
    english, japanese = EN[place].strip().splitlines(), JA[place].strip().splitlines()
    assert len(japanese) == len(english)
    assert len(lines_of(JA[place])) <= max(LINES, len(lines_of(EN[place])))


@pytest.mark.parametrize("place", BODIES)
def test_no_line_of_a_body_begins_with_a_closing_mark(place: str) -> None:
    lines = lines_of(JA[place])
    assert max(map(cells, lines)) <= WIDTH
    assert [line for line in lines if line[:1] in "、。，．・：？！」』）ーっゃゅょッャュョ"] == []
    assert [line for line in lines if line[-1:] in "「『（"] == []


def test_only_names_are_the_same_in_both() -> None:
    same = {EN[place] for place in EN if EN[place] == JA[place]}
    names = r"\S*|kubectl|OIDC id-token|[A-Z]+ \{\w+\}(  [A-Z]+ \{\w+\})*|\S+: \{\w+\}"
    assert [text for text in same if not re.fullmatch(names, text)] == []


def test_names_of_apis_and_commands_are_the_same() -> None:
    names = re.compile(r"[a-z]+:[a-z:]+|[A-Z_]{3,}|[a-z]+(?:[A-Z][a-z]+)+|/[a-z/0-9]+|\b\d{2,}\b")
    for place in BODIES:
        assert set(names.findall(EN[place])) <= set(names.findall(JA[place])), place


@pytest.mark.parametrize("place", [each for each in EN if ".drawing." in each])
def test_columns_of_a_drawing_stay_in_line(place: str) -> None:
    """A label that is padded in English is padded to one column in Japanese."""
    label, gap, _ = JA[place].partition("  ")
    if "  " in EN[place] and re.fullmatch(r"[A-Za-z ]+? {2,}\{\w+\}", EN[place]):
        chapter = place.rsplit(".", 1)[0]
        columns = {
            cells(text[: text.index("{")])
            for other, text in JA.items()
            if other.startswith(f"{chapter}.") and re.match(r"[^{]+? {2,}\{", text)
        }
        assert label
        assert gap
        assert len(columns) == 1, columns
