"""The error of a text that isn't a filter."""

from eksview.domain.base.text import clean


class FilterError(ValueError):
    """An impossible term; its text is a clean sentence without a final dot."""

    def __init__(self, sentence: str) -> None:
        super().__init__(clean(sentence))
