"""The line in place of a part of the AWS account that wasn't read, or beside an old one."""

from collections.abc import Iterator, Sequence
from typing import Any

from eksview.domain.aws.unread import capitalized, unread_sentence
from eksview.domain.base.health import Health
from eksview.domain.base.reading import NotAsked, Reading
from eksview.domain.base.text import Clean, clean
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.layout import fold
from eksview.ui.text.words import TONE_OF, Words


def unread_lines(
    subject: str, reading: Reading[Any], now: float, width: int, glyphs: Glyphs, *, indent: int = 0
) -> Iterator[Words]:
    """Yield `○ Add-ons not read: …`, or that they are being loaded; nothing if they were read.

    `indent` is that of the marks of the rows below.
    """
    text = unread_sentence(subject, reading, now)
    if not text:
        return
    text = capitalized(text)
    if isinstance(reading, NotAsked):
        yield ((f"{' ' * indent}{text}{glyphs.more}", "dim"),)
        return
    yield from _marked(text, width, glyphs, indent)


def parts_lines(
    sentences: Sequence[Clean], width: int, glyphs: Glyphs, *, indent: int = 0
) -> Iterator[Words]:
    """Yield a sentence for each part that wasn't read, and a blank line after them."""
    for sentence in sentences:
        yield from _marked(capitalized(sentence), width, glyphs, indent)
    if sentences:
        yield ()


def _marked(text: str, width: int, glyphs: Glyphs, indent: int) -> Iterator[Words]:
    first, *rest = fold(clean(text), width - indent - 2)
    before = " " * indent
    mark = f"{before}{glyphs.mark(Health.UNKNOWN)} "
    yield ((mark, TONE_OF[Health.UNKNOWN]), (first, "text"))
    for line in rest:
        yield ((f"{before}  {line}", "text"),)
