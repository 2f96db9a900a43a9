"""The documents that a screen can be saved as, made piece by piece."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from msgspec import Struct

from eksview.domain.base.errors import UserError
from eksview.domain.base.plural import plural
from eksview.domain.base.reading import last_of
from eksview.domain.tables.contents import csv_pieces, json_pieces
from eksview.process.saved_files import NewFile
from eksview.ui.base.live_screen import LiveScreen
from eksview.ui.base.view import View


class Document(Struct, frozen=True):
    """What is saved: `pieces` is called after its menu has closed and yields the text."""

    title: str
    extension: str
    pieces: Callable[[], Iterator[str]]


def documents(
    view: View, screen: LiveScreen, picture: Callable[[], str], text: Callable[[], str]
) -> Iterator[Document]:
    """Yield what a screen can be saved as; `picture` draws it as SVG and `text` as plain text."""
    contents = screen.table_contents()
    if contents is not None and contents.rows:
        count = plural(len(contents.rows), "marked row" if contents.marked else "row")
        yield Document(f"Table, {count}, all columns", "csv", partial(csv_pieces, contents))
        yield Document(
            f"Table, {count}, with numbers", "json",
            partial(json_pieces, contents, _about(view, screen)),
        )  # fmt: skip
    if (lines := screen.saved_lines()) is not None:
        yield Document(f"Lines, {lines.count:,} shown", "log", lines.pieces)
    if yaml := screen.yaml_text():
        yield Document("YAML", "yaml", lambda: iter((yaml, "\n")))
    yield Document("Screen as a picture", "svg", lambda: iter((picture(),)))
    yield Document("Screen as text", "txt", lambda: iter((text(),)))


def saved_title(view: View, screen: LiveScreen) -> str:
    """Return `prod-pods`: the cluster or context, and what is shown."""
    return f"{_cluster(view)}-{screen.crumb}"


async def save(document: Document, folder: Path, name: str) -> Path:
    """Write a document into a new file; keys are handled between its pieces.

    Raises `UserError` with the reason; then nothing is left of the file.
    """
    file = await asyncio.to_thread(NewFile, folder, name)
    try:
        for piece in document.pieces():
            await asyncio.to_thread(file.write, piece)
        await asyncio.to_thread(file.close)
    except (UserError, asyncio.CancelledError):
        file.discard()
        raise
    return file.path


def _about(view: View, screen: LiveScreen) -> dict[str, str]:
    saved = datetime.fromtimestamp(view.clock(), UTC).isoformat(timespec="seconds")
    return {"cluster": _cluster(view), "screen": screen.crumb, "saved": saved}


def _cluster(view: View) -> str:
    target = last_of(view.store.facts.target)
    return (target.context or target.cluster) if target else "eksview"
