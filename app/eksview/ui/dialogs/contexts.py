"""A picker of the kubeconfig's contexts."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import astuple
from textual.widget import Widget

from eksview.domain.aws.context_parts import ContextChoice, choices_of, matching
from eksview.domain.base.errors import UserError
from eksview.domain.base.near_names import alternatives, brief, near_names
from eksview.domain.base.text import clean
from eksview.ui.base.view import View
from eksview.ui.dialogs.choice_list import Entry, Row, in_columns
from eksview.ui.dialogs.picker import SwitchScreen, search_box
from eksview.ui.text.words import Words


class ContextsScreen(SwitchScreen[ContextChoice]):
    """The contexts of the kubeconfig; `target` is the one to switch to at once."""

    HEADING = "Contexts"
    KEYS = "{choices.pick} switch · {picker.back} cancel"
    ABOVE = 2

    def __init__(self, view: View, target: str = "") -> None:
        super().__init__(view)
        self._target = target
        self._all: Sequence[ContextChoice] = ()
        self._typed = ""
        self._rows: dict[ContextChoice, Row] = {}

    def above(self) -> Iterable[Widget]:
        """Return the search, which has the keys."""
        return (search_box("type to search"),)

    def on_mount(self) -> None:
        """Read the kubeconfig, and switch to a named context."""
        self.say(f"Reading the kubeconfig{self.view.glyphs.more}")
        self.run_worker(self._load(), exclusive=True)

    async def _load(self) -> None:
        try:
            contexts = await self.view.backend.contexts()
        except UserError as problem:
            self.say(problem.sentence, failed=True)
            return
        self._all = await asyncio.to_thread(choices_of, contexts)
        self._rows = {choice: self._row(choice) for choice in self._all}
        names = [context.name for context in contexts]
        self._narrow(self._problem(names))
        if self._target in names:
            self._switch_to(self._target)

    def _problem(self, names: Sequence[str]) -> str:
        """Return why there is nothing to choose or the named context can't be switched to."""
        if not names:
            return "The kubeconfig has no contexts."
        if not self._target or self._target in names:
            return ""
        return (
            f"There is no context {brief(self._target)}{alternatives(self._target, names) or '.'}"
        )

    def start(self) -> int | None:
        """Return the index of the named context or one near it, else of the current one."""
        names = [choice.context.name for choice in self.choices]
        wanted = [choice.context.name for choice in self.choices if choice.context.current]
        if self._typed:
            wanted = [self._exact(), *wanted]
        elif self._target:
            wanted = [self._target, *near_names(self._target, names, 1), *wanted]
        return next((names.index(name) for name in wanted if name in names), super().start())

    def _exact(self) -> str:
        """Return the context whose whole name was typed; empty for none."""
        typed = self._typed.strip()
        names = ((choice.context.name, choice.parts.name) for choice in self.choices)
        return next((name for name, short in names if typed in (name, short)), "")

    def narrow(self, text: str) -> None:
        """Offer the contexts that hold every typed word in their name, cluster, user or server."""
        self._typed = text
        if self._all:
            self._narrow()

    def _narrow(self, problem: str = "") -> None:
        text, choices = self._typed, matching(self._all, self._typed)
        if self._all and not choices:
            problem = f"No context has {clean(brief(text))}."
        self.offer(choices, problem, failed=bool(problem))
        shown, total = f"{len(self.choices):,}", f"{len(self._all):,}"
        self.head(f"{self.HEADING} · {f'{shown} of {total}' if text else total}")

    def pick(self, choice: ContextChoice) -> None:
        self._switch_to(choice.context.name)

    def _switch_to(self, name: str) -> None:
        self.switch(name, lambda: self.view.backend.switch(name))

    def entries(self, room: int) -> Iterator[Entry]:
        """Return the parts of each context in columns, the current context marked."""
        return in_columns([self._rows[choice] for choice in self.choices], room)

    def _row(self, choice: ContextChoice) -> Row:
        lead: Words = ((f"{self.view.glyphs.ok if choice.context.current else ' '} ", "ok"),)
        name, *others = map(clean, astuple(choice.parts))
        return Row(lead, ((name, "text"), *((other, "dim") for other in others)))
