"""The names of resources in headings."""

from eksview.domain.base.text import Clean, clean

_ENDINGS = (("", "s"), ("", "es"), ("y", "ies"), ("", ""))


def title_of(kind: str, plural: str) -> Clean:
    """Return the plural of a kind as it is written in a heading, `NetworkPolicies`."""
    for ending, plural_ending in _ENDINGS:
        stem = kind.removesuffix(ending)
        if kind.endswith(ending) and stem.lower() + plural_ending == plural:
            return clean(stem + plural_ending)
    return clean(plural)
