"""Where the layout's styles are: in a checkout beside `app/`, else inside the package."""

from pathlib import Path

import eksview

PACKAGE = Path(eksview.__file__).parent


def stylesheets(package: Path = PACKAGE) -> tuple[Path, ...]:
    """Every `.tcss`, by name, so that the order in which they apply doesn't vary.

    The checkout comes first: an editable install may keep a copy, which is of the day it was made.
    Raises FileNotFoundError where there are none, since nothing could be laid out.
    """
    for folder in (package.parents[1] / "styles", package / "styles"):
        if found := tuple(sorted(folder.glob("*.tcss"))):
            return found
    raise FileNotFoundError(f"{package / 'styles'} has no style sheets; install eksview again")
