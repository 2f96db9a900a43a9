"""The texts of Explain and of the comparison, read from the package's files, one per language."""

from functools import cache
from importlib.resources import files
from typing import TypeVar

import msgspec

from eksview.domain.compare.question_text import CompareTexts
from eksview.domain.explain.chapter_text import ExplainTexts

TextsT = TypeVar("TextsT")


@cache
def explain_texts(language: str) -> ExplainTexts:
    """Return the texts of Explain in a language, such as `en`."""
    return _texts("eksview.domain.explain", language, ExplainTexts)


@cache
def compare_texts(language: str) -> CompareTexts:
    """Return the texts of the comparison in a language."""
    return _texts("eksview.domain.compare", language, CompareTexts)


def _texts(package: str, language: str, texts: type[TextsT]) -> TextsT:
    document = files(package).joinpath("texts", f"{language}.toml").read_bytes()
    return msgspec.toml.decode(document, type=texts)
