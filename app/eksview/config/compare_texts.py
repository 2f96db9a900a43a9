"""The texts of the comparison, read from the package's files, one per language."""

from functools import cache
from importlib.resources import files

from eksview.domain.compare.question_text import CompareTexts, decode_texts


@cache
def compare_texts(language: str) -> CompareTexts:
    """Return the texts of a language, such as `en`."""
    folder = files("eksview.domain.compare") / "texts"
    return decode_texts((folder / f"{language}.toml").read_bytes())
