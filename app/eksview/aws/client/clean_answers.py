"""Cleans the text of every answer of AWS before anything reads it.

Tags, names and messages are what somebody wrote. Rows are made of answers, so theirs is clean too.
"""

from typing import Any

from eksview.domain.base.text import clean

LINES = frozenset({"GetConsoleOutput"})
"""Operations whose text has lines; each line is cleaned where they are split."""


def clean_answers(client: Any) -> None:
    """Clean the answers of a botocore client, its errors included."""
    client.meta.events.register("after-call", _clean_answer)


def _clean_answer(parsed: dict[str, Any], model: Any, **_: Any) -> None:
    if model.name not in LINES:
        for name, value in parsed.items():
            parsed[name] = _cleaned(value)


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(name): _cleaned(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_cleaned(each) for each in value]
    return value
