"""The help in other languages, from data files that have its texts by the English ones."""

import re
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from eksview.domain.base.language import Language
from eksview.ui.dialogs.key_list import KeyLine, Section

_SORT = re.compile(r"^Sort by (?P<column>.+?)(?P<again>; .+)?$")


class HelpTexts(Struct, frozen=True, forbid_unknown_fields=True):
    """The texts of the help in a language by the English ones; all are empty for English.

    A text of `sorting` has `{}` where a column's title belongs.
    """

    titles: dict[str, str] = {}
    frame: dict[str, str] = {}
    sorting: dict[str, str] = {}
    commands: dict[str, str] = {}
    filters: dict[str, str] = {}
    marks: dict[str, str] = {}
    keys: dict[str, str] = {}

    def framed(self, text: str) -> str:
        """Return a text of the dialog's frame."""
        return self.frame.get(text, text)

    def section(self, section: Section) -> Section:
        """Return a section in this language; what has no text here stays in English."""
        lines = tuple(KeyLine(line.keys, self.line(line.text)) for line in section.lines)
        return Section(self.titles.get(section.title, section.title), lines)

    def line(self, text: str) -> str:
        """Return what a key, a command, a filter or a mark does."""
        if found := _SORT.match(text):
            template = f"Sort by {{}}{found['again'] or ''}"
            return self.sorting.get(template, template).format(found["column"])
        for form in (text, text[:1].lower() + text[1:]):  # of a screen's key, and its command
            for texts in (self.keys, self.commands, self.filters, self.marks):
                if form in texts:
                    return texts[form]
        return text


@cache
def help_texts(language: Language) -> HelpTexts:
    """Return the texts of the help in a language."""
    if language is Language.EN:
        return HelpTexts()
    document = files("eksview.ui.dialogs").joinpath("texts", f"{language}.toml").read_bytes()
    return msgspec.toml.decode(document, type=HelpTexts)
