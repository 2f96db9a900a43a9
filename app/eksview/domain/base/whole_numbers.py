"""Whole numbers in texts from outside."""

MOST_DIGITS = 18
"""More than any figure has; Python's `int` raises ValueError from 4,300 digits on."""


def whole_number_of(text: str) -> int | None:
    """Return the number that ASCII digits alone are; None for any other text."""
    fits = len(text) <= MOST_DIGITS and text.isascii() and text.isdecimal()
    return int(text) if fits else None
