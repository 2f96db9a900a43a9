"""Names that a mistyped name may mean, and sentences that stay short with thousands of names."""

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher

from eksview.domain.base.text import clean, fit

SIMILAR = 0.65
"""The similarity from which a name is near: two letters of three, as of `fsp` and `fps`."""
_PARTS = re.compile(r"[^a-z0-9]+")
LONG = 4
"""Letters from which a word is looked for inside the words of a name, too."""
MOST = 3
SHORT = 160
"""Characters of a name at most; an EKS cluster's ARN has up to 152."""
FEW = 5
"""Names up to which a sentence lists all of them."""


def near_names(wanted: str, names: Iterable[str], most: int = MOST) -> list[str]:
    """Return the names that begin with the wanted one, then hold it, then are similar to it.

    A short one is held only where a part of the name begins with it: `get` isn't in `budgets`. The
    case is ignored. What follows the last `/` counts like the whole name, because the ARNs of
    EKS clusters differ only there.
    """
    wanted = wanted[:SHORT].lower()
    matcher = SequenceMatcher(None, b=wanted)
    ranked = [(_rank(wanted, name.lower(), matcher), name) for name in names if wanted]
    near = sorted((pair for pair in ranked if pair[0] < 0), key=lambda pair: pair[0])
    return [name for _, name in near[:most]]


def nearest_meanings(wanted: str, meanings: Mapping[str, str], most: int = MOST) -> list[str]:
    """Return the nearest name of each meaning, the nearest first."""
    nearest: dict[str, str] = {}
    for name in near_names(wanted, meanings, len(meanings)):
        nearest.setdefault(meanings[name], name)
    return list(nearest.values())[:most]


def _rank(wanted: str, name: str, matcher: SequenceMatcher[str]) -> float:
    """Return a number that is smaller the nearer the name is, and 0 for one that isn't near."""
    forms = dict.fromkeys((name, name.rpartition("/")[2]))
    if any(form.startswith(wanted) for form in forms):
        return -3.0
    if _held(wanted, name):
        return -2.0
    return -max(_similarity(form[:SHORT], matcher) for form in forms)


def _held(wanted: str, name: str) -> bool:
    if len(wanted) >= LONG:
        return wanted in name
    return any(part.startswith(wanted) for part in _PARTS.split(name))


def _similarity(form: str, matcher: SequenceMatcher[str]) -> float:
    matcher.set_seq1(form)
    # The first two are upper bounds of the third, and cheap.
    if min(matcher.real_quick_ratio(), matcher.quick_ratio()) < SIMILAR:
        return 0.0
    ratio = matcher.ratio()
    return ratio if ratio >= SIMILAR else 0.0


def alternatives(wanted: str, names: Sequence[str]) -> str:
    """Return `; did you mean …?` or `; there are: …`, clean; empty for many names and none near."""
    if not names:
        return "; there are: none"
    if near := near_names(wanted, names):
        return f"; did you mean {either(near)}?"
    if len(names) <= FEW:
        return f"; there are: {', '.join(map(brief, sorted(names)))}"
    return ""


def either(names: Sequence[str]) -> str:
    """Return `a, b or c`, clean."""
    *first, last = map(brief, names)
    return f"{', '.join(first)} or {last}" if first else last


def brief(name: str) -> str:
    """Return a clean name, cut where it is longer than names are."""
    return fit(clean(name), SHORT).rstrip() if len(name) > SHORT else clean(name)
