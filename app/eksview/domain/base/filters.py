"""What is typed after `/`: terms apart by spaces, all of which must hold."""

from collections.abc import Mapping

from msgspec import Struct


class Term(Struct, frozen=True):
    """`text` in lower case for a plain term; `label` and `value` as typed for a label's."""

    text: str = ""
    label: str = ""
    value: str = ""
    negated: bool = False

    def holds(self, haystack: str, labels: Mapping[str, str] | str) -> bool:
        """Whether one row passes; labels as a mapping or in a row's `k=v,k=v` form."""
        if not self.label:
            found = self.text in haystack
        elif isinstance(labels, str):
            found = f",{self.label}={self.value}," in f",{labels},"
        else:
            found = labels.get(self.label) == self.value
        return found != self.negated


class Filter(Struct, frozen=True):
    """`plain`: the texts that must all occur, when there is nothing else to check; else None."""

    terms: tuple[Term, ...] = ()
    plain: tuple[str, ...] | None = ()

    def matches(self, haystack: str, labels: Mapping[str, str] | str) -> bool:
        """Whether a row passes. `haystack` is its visible text in lower case."""
        return all(term.holds(haystack, labels) for term in self.terms)

    def narrows(self, other: "Filter") -> bool:
        """Whether whatever passes this passes the other: then its result need only be thinned.

        False may mean that it wasn't obvious.
        """
        if self.plain is None or other.plain is None:
            return set(other.terms) <= set(self.terms)
        return all(any(old in new for new in self.plain) for old in other.plain)


def parse_filter(text: str) -> Filter:
    """Read `label=value`, `label!=value`, `!term` and plain text; any text is a valid filter.

    `label=` wants the label present and empty. `label!=value` also lets pass what lacks the label,
    as kubectl's selectors do. A half-typed term (`!`, `=`) is not an error.
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
