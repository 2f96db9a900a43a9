"""The filter typed after `/`: terms separated by spaces, all of which must match."""

from collections.abc import Mapping

from msgspec import Struct


class Term(Struct, frozen=True):
    """A term: `text` in lower case, or `label` and `value` as typed."""

    text: str = ""
    label: str = ""
    value: str = ""
    negated: bool = False

    def matches(self, text: str, labels: Mapping[str, str] | str) -> bool:
        """Check a row's text and labels; labels are a mapping or `k=v,k=v` as rows have them."""
        if not self.label:
            match = self.text in text
        elif isinstance(labels, str):
            match = f",{self.label}={self.value}," in f",{labels},"
        else:
            match = labels.get(self.label) == self.value
        return match != self.negated


class Filter(Struct, frozen=True):
    """All terms; `plain` has their texts if none has a label or is negated, else it is None."""

    terms: tuple[Term, ...] = ()
    plain: tuple[str, ...] | None = ()

    def matches(self, text: str, labels: Mapping[str, str] | str) -> bool:
        """Check a row's visible text, in lower case, and its labels."""
        return all(term.matches(text, labels) for term in self.terms)

    def narrows(self, wider: "Filter") -> bool:
        """Check whether every row that passes this surely passes the wider filter too.

        Its result then only needs thinning.
        """
        if self.plain is None or wider.plain is None:
            return set(wider.terms) <= set(self.terms)
        return all(any(old in new for new in self.plain) for old in wider.plain)


def parse_filter(text: str) -> Filter:
    """Read `label=value`, `label!=value`, `!term` and plain text; any text is a valid filter.

    `label=` requires the label with an empty value. `label!=value` also matches rows without the
    label, as kubectl's selectors do. A half-typed term (`!`, `=`) is not an error.
    """
    terms = tuple(term for word in text.split() if (term := _term(word)) is not None)
    simple = all(not term.label and not term.negated for term in terms)
    return Filter(terms, tuple(term.text for term in terms) if simple else None)


def _term(word: str) -> Term | None:
    body = word.removeprefix("!")
    negated = body != word
    if not body:
        return None
    label, equals, value = body.partition("=")
    if label.endswith("!"):
        label, negated = label[:-1], not negated
    if not equals or not label:
        return Term(text=body.lower(), negated=word.startswith("!"))
    return Term(label=label, value=value.removeprefix("="), negated=negated)
