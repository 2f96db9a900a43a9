"""Numbers of things in sentences."""

from eksview.domain.base.text import Clean, clean


def plural(number: int, noun: str) -> Clean:
    """Return `1 pod`, `2 pods`, `12,000 pods`; the noun's plural ends with an s."""
    return clean(f"{number:,} {noun}{'' if number == 1 else 's'}")
