"""Live values: what a chapter of Explain shows of this cluster, and how it was read."""

from collections.abc import Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from eksview.domain.base.health import Health
from eksview.domain.base.text import EMPTY, Clean

Unread: TypeAlias = Literal["", "loading", "refused", "failed", "none"]
"""Why a value has no text; `none`: it was read, and there is none."""


class LiveValue(Struct, frozen=True):
    """A value that a placeholder `{name}` of a text shows.

    Its words are of the reader's language: `text` holds names, numbers and times only, `word` is a
    key of the texts' words. One that is `unread` may have its last text, which `at` dates.
    """

    text: Clean = EMPTY
    at: float | None = None  # when it was read; None: never
    health: Health | None = None  # None: nothing is judged
    reason: Clean = EMPTY  # why it is unread, in a sentence
    unread: Unread = ""
    right: Clean = EMPTY  # the missing right: `get configmaps`, `eks:DescribeCluster`
    word: str = ""  # in place of the text: a key of the texts' words


Values: TypeAlias = Mapping[str, LiveValue]


class ChapterValues(Struct, frozen=True):
    """The values of a chapter; `variant` chooses a body among those of its text."""

    values: Values
    variant: str = ""


class Absent(Struct, frozen=True):
    """The reason, a key of the chapter's text, for which a chapter doesn't apply here.

    `detail` is a sentence about it; empty for none.
    """

    reason: str
    detail: Clean = EMPTY
