"""The language of the explanation and the help."""

from collections.abc import Mapping
from enum import StrEnum


class Language(StrEnum):
    """A language that texts are written in."""

    EN = "en"
    JA = "ja"


def language_of(environ: Mapping[str, str], chosen: Language | None = None) -> Language:
    """Return the chosen language, else the one of the locale's messages, else English.

    A locale that isn't UTF-8 counts as English: its terminal could draw no other.
    """
    return chosen or _of_locale(environ)


def is_utf8(environ: Mapping[str, str]) -> bool:
    """Return whether the locale is UTF-8, by the first variable that is set, as in POSIX.

    No variable counts as UTF-8: containers start so, in terminals that all understand it.
    """
    locale = _first(environ, "LC_ALL", "LC_CTYPE", "LANG")
    return not locale or _codeset(locale).endswith("utf8")


def _of_locale(environ: Mapping[str, str]) -> Language:
    locale = _first(environ, "LC_ALL", "LC_MESSAGES", "LANG")
    word = locale.partition(".")[0].partition("@")[0].partition("_")[0].lower()
    return Language(word) if word in set(Language) and is_utf8(environ) else Language.EN


def _first(environ: Mapping[str, str], *names: str) -> str:
    return next((environ[name] for name in names if environ.get(name)), "")


def _codeset(locale: str) -> str:
    return locale.lower().replace("-", "").partition("@")[0]
