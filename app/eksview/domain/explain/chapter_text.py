"""The texts of Explain in one language, and the pieces of a text with its values filled in."""

from collections.abc import Iterator
from string import Formatter

from msgspec import Struct

from eksview.domain.base.text import Clean, clean
from eksview.domain.explain.value import LiveValue, Values


class ChapterText(Struct, frozen=True, forbid_unknown_fields=True):
    """The text of a chapter. Templates have placeholders `{name}` for its values.

    A paragraph of the body is one line, which the screen folds.
    """

    title: str
    body: str
    variants: dict[str, str] = {}  # bodies for clusters of another kind, in place of `body`
    drawing: dict[str, str] = {}  # templates by the name of their place in the drawing
    absent: dict[str, str] = {}  # why the chapter doesn't apply, by reason
    opens: str = ""  # what Enter opens


class ExplainTexts(Struct, frozen=True, forbid_unknown_fields=True):
    """The texts of a language: `unread` by the value's state, with {right}; `words` by key.

    `screen` has what the screen itself says.
    """

    chapters: dict[str, ChapterText]
    unread: dict[str, str]
    words: dict[str, str]
    screen: dict[str, str]


class Piece(Struct, frozen=True):
    """A part of a filled text; `value` is None for what is of the text itself."""

    text: Clean
    value: LiveValue | None = None


def placeholders(template: str) -> tuple[str, ...]:
    """Return the names of the placeholders of a template, in their order."""
    return tuple(name for _, name, _, _ in Formatter().parse(template) if name)


def filled(template: str, values: Values, texts: ExplainTexts) -> tuple[Piece, ...]:
    """Return the pieces of a template with the values in place of its placeholders."""
    return tuple(_pieces(template, values, texts))


def _pieces(template: str, values: Values, texts: ExplainTexts) -> Iterator[Piece]:
    for literal, name, _, _ in Formatter().parse(template):
        if literal:
            yield Piece(clean(literal))
        if name:
            value = values[name]
            yield Piece(value_words(value, texts), value)


def value_words(value: LiveValue, texts: ExplainTexts) -> Clean:
    """Return a value in the words of a language; for one never read, why."""
    if value.word:
        return clean(texts.words[value.word])
    if value.unread and not value.text:
        key = "refused-by" if value.unread == "refused" and value.right else value.unread
        return clean(texts.unread[key].format(right=value.right))
    return value.text
