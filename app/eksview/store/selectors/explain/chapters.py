"""The values of each chapter of Explain, by its id."""

from eksview.domain.explain.value import Absent, ChapterValues
from eksview.store.selectors.explain.planes import planes
from eksview.store.selectors.explain.source import ExplainSource


def chapter_values(source: ExplainSource, chapter: str) -> ChapterValues | Absent:
    """Return the values of a chapter, or why it doesn't apply to this cluster."""
    if chapter == "planes":
        return ChapterValues(planes(source))
    return ChapterValues({})
