"""The source of a chapter's values."""

from msgspec import Struct

from eksview.domain.live.command_context import CommandContext
from eksview.domain.rows.measured_request import MeasuredRequest
from eksview.store.selectors.overview import Overview
from eksview.store.store import Store


class ExplainSource(Struct, frozen=True):
    """The store at a time, with what the reader chose.

    `overview` has observed the store. `node` is the one of the chapter about joining; empty for
    the one that joined last. `measured` is the request that was made for the chapter about one.
    """

    store: Store
    overview: Overview
    now: float
    commands: CommandContext = CommandContext()
    node: str = ""
    measured: MeasuredRequest | None = None
