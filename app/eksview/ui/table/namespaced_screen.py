"""A screen of a table whose rows are those of all namespaces, or of one."""

from collections import Counter
from collections.abc import Iterator

from textual.binding import Binding, BindingType

from eksview.domain.base.text import Clean, clean
from eksview.ui.base.view import View
from eksview.ui.dialogs.namespace_picker import NamespacePicker
from eksview.ui.table.screen import TableScreen
from eksview.ui.text.words import Words


def namespace_bindings(screen: str) -> list[BindingType]:
    """Return the keys that choose a namespace, with ids that begin with the screen's name."""
    return [
        Binding(
            "n", "namespace", "Namespace", tooltip="Show one namespace", id=f"{screen}.namespace"
        ),
        Binding("0", "all", "All", tooltip="Show all namespaces", id=f"{screen}.all"),
    ]


class NamespacedScreen(TableScreen):
    """The base of the screens of pods and of other rows with a `namespace`.

    `KEYS` is the name that its `namespace_bindings` were given.
    """

    KEYS: str

    def __init__(self, view: View) -> None:
        super().__init__(view)
        self._namespace = ""

    @property
    def namespace_words(self) -> Words:
        """The words ` in shop` for the line of counts; none for all namespaces."""
        return ((" in ", "dim"), (clean(self._namespace), "accent")) if self._namespace else ()

    def nothing(self) -> str:
        if self._namespace:
            ways = self.view.keyed(f"Press {{{self.KEYS}.all}} for all namespaces.")
            return f"No {self.NOUN} in {clean(self._namespace)}. {ways}"
        link = self.view.store.links.get(self.LINK)
        if link is not None and link.only:
            return f"No {self.NOUN} in {link.only}."
        return f"This cluster has no {self.NOUN}."

    def within(self) -> str:
        return f" in {clean(self._namespace)}" if self._namespace else ""

    def ways_out(self) -> Iterator[Clean]:
        yield from super().ways_out()
        if self._namespace:
            yield clean(self.view.keyed(f"{{{self.KEYS}.all}} shows all namespaces"))

    def choose(self, namespace: str | None) -> None:
        """Show the rows of a namespace, or all for an empty name; None changes nothing."""
        if namespace is None or namespace == self._namespace:
            return
        self._namespace = namespace
        if namespace:
            self.table.admit(lambda row: row.namespace == namespace, hide={"namespace"})
        else:
            self.table.admit(None)

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str:  # noqa: ARG002
        """Return why `0` would do nothing."""
        shown = action == "all" and not self._namespace
        return f"The {self.NOUN} of all namespaces are shown." if shown else ""

    def action_namespace(self) -> None:
        counts = Counter[str](row.namespace for row in self.table.all_rows())
        self.app.push_screen(NamespacePicker(self.view, counts, self._namespace), self._chosen)

    def action_all(self) -> None:
        self._chosen("")

    def _chosen(self, namespace: str | None) -> None:
        self.choose(namespace)
        self.table.say(*self._note())
        self._count()
