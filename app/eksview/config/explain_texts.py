"""The texts of Explain, read from the package's files, one per language."""

from functools import cache
from importlib.resources import files

from eksview.domain.explain.chapter_text import ExplainTexts, decode_texts


@cache
def explain_texts(language: str) -> ExplainTexts:
    """Return the texts of a language, such as `en`."""
    folder = files("eksview.domain.explain") / "texts"
    return decode_texts((folder / f"{language}.toml").read_bytes())
