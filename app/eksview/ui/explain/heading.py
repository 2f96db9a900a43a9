"""The line above a page: the chapter, the age of its values, and how far one has read."""

from eksview.domain.explain.chapters import CHAPTER_IDS
from eksview.domain.explain.value import Values
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.styled_text import width_of
from eksview.ui.text.wording import Wording
from eksview.ui.text.words import Words


def heading(at: int, title: str, state: Words, width: int) -> tuple[Words, Words]:
    """Return the number and the clean title of a chapter, and its state.

    A warning has the room: the title gives way to it, which is in the path above, too.
    """
    number: Words = ((f"  {at + 1}/{len(CHAPTER_IDS)} ", "accent"),)
    whole: Words = (*number, (title, "strong"))
    if state[0][1] != "warn" or width_of(whole) + width_of(state) < width:
        return whole, state
    warning = state[:1]
    return (*number, *warning), state[1:]


def state_words(at: int, values: Values, wording: Wording, glyphs: Glyphs, *, stale: bool) -> Words:
    """Return when the newest of the values was read, or that all are old; then the progress."""
    read = [value.at for value in values.values() if value.at is not None]
    state: Words = ()
    if stale:
        state = ((f"{glyphs.warn} {wording.screen('stale')}  ", "warn"),)
    elif read:
        state = ((f"{wording.screen('read', age=wording.age(max(read)))}  ", "faint"),)
    done, left = glyphs.ok * (at + 1), glyphs.idle * (len(CHAPTER_IDS) - at - 1)
    return (*state, (done, "accent"), (left, "faint"))
