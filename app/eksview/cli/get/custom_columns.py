"""The columns of `-o custom-columns=NAME:.metadata.name,...`, as kubectl prints them."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from eksview.config.option_types import UsageError
from eksview.domain.base.go_text import go_text
from eksview.domain.base.jsonpath import JsonPathError, Path, expression
from eksview.domain.base.text import clean

MISSING = "<none>"


class CustomColumn(Struct, frozen=True):
    """A title and the path to its values."""

    title: str
    path: Path | None

    def cell(self, item: Any) -> str:
        """Return the values at the path, with a comma between several."""
        values = self.path.values(item) if self.path else []
        return clean(",".join(map(go_text, values))) if values else MISSING


def custom_columns(spec: str) -> tuple[CustomColumn, ...]:
    """Return the columns of `TITLE:path,TITLE:path`; raises `UsageError`."""
    columns = []
    for part in _split(spec):
        title, colon, path = part.partition(":")
        if not colon:
            raise UsageError(
                f"unexpected custom-columns spec: {part}, expected <header>:<json-path-expr>"
            )
        try:
            columns.append(CustomColumn(clean(title), expression(path) if path else None))
        except JsonPathError as error:
            raise UsageError(f"custom column {title}: {error}") from None
    return tuple(columns)


def custom_columns_of_file(text: str) -> tuple[CustomColumn, ...]:
    """Return the columns of a file: a line of titles over a line of paths."""
    lines = text.splitlines()
    titles, paths = (line.split() for line in [*lines, "", ""][:2])
    if not titles or len(titles) != len(paths):
        raise UsageError("a custom-columns file has a line of titles and one of as many paths")
    return custom_columns(",".join(map(":".join, zip(titles, paths, strict=True))))


def _split(spec: str) -> Sequence[str]:
    """Return the columns of a spec; a comma inside brackets belongs to a path."""
    parts, depth = [""], 0
    for character in spec:
        depth += (character == "[") - (character == "]")
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return parts
