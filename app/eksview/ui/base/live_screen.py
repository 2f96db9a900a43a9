"""The base of all screens that show live data, and the frames it is given."""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from msgspec import Struct
from textual.events import ScreenResume
from textual.widget import Widget

from eksview.domain.actions.offer import NO_OBJECT
from eksview.domain.fields.field import FieldValue
from eksview.domain.guides.owners import owner_of_node, owner_of_pod
from eksview.domain.join.manager import why_unowned
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.rows.kube import ClaimRow
from eksview.store.changes import Changes
from eksview.store.selectors.overview import Overview
from eksview.ui.base.lines.footer import FooterLine
from eksview.ui.base.lines.header import HeaderLine
from eksview.ui.base.lines.path_line import PathLine
from eksview.ui.base.messages import Open, OpenNode, OpenPod, Subject
from eksview.ui.base.view import View
from eksview.ui.terminal.partial_repaint import NarrowCompositor
from eksview.ui.terminal.textual_private import ScreenHooks

if TYPE_CHECKING:  # it makes CSV, which the first frame needn't wait for
    from eksview.domain.tables.contents import AnyContents

_NOUNS = {
    "details": "description",
    "drain": "drain plan; {app.actions} lists its actions, a restart too where it has one",
    "ec2": "EC2 instance",
    "events": "events",
    "history": "history of usage",
    "kubelet": "kubelet",
    "lifecycle": "lifecycle; `:forwards` lists the port-forwards",
    "owners": "tree of what it owns; {app.owner} opens its owner",
    "pods": "pods of its own; {app.logs}, then {logs.previous} shows the log of its previous run",
    "yaml": "YAML",
}
"""What the object under the cursor may lack, by tab, and what its key does in k9s."""


class Frame(Struct):
    """The changes given to the visible screen, four times a second at most.

    With `full` everything is drawn again: the screen was hidden, or the store was emptied.
    """

    now: float
    changes: Changes
    full: bool = False


class SavedLines(Struct, frozen=True):
    """The lines of a log to save: their count, and what yields them in pieces of text."""

    count: int
    pieces: Callable[[], Iterator[str]]


@runtime_checkable
class Resumes(Protocol):
    """An application that updates a screen when it becomes visible."""

    def resumed(self) -> None:
        """Update the visible screen, which was hidden until now."""


class LiveScreen(ScreenHooks, inherit_bindings=False):
    """A screen that gets every frame while it is visible.

    It has a header and a footer; `compose` yields only the widgets between them.
    """

    LINKS: tuple[str, ...] = ()
    """The links whose requests read what it shows; empty for all."""

    def __init__(self, view: View) -> None:
        super().__init__()
        self.use_compositor(NarrowCompositor())
        self.view = view
        self.ready = False
        self.awaits_rows = False
        """True until the first rows of its table have been read."""
        self._styled = ""  # the theme whose styles its widgets have
        self.ecs: str | None = None
        """The ECS cluster that it shows, empty for their list alone; None for nothing of ECS."""
        self.place = ""
        """Its name in the registry, if it has a digit."""
        self.tab = ""
        """The name of the visible tab, if it has tabs."""
        self.opened_by: str | Open = ""
        """The message or the name in the registry that opens it again."""
        self.origin: tuple[LiveScreen, ...] = ()
        """The screens on the way to it, from one that has a digit."""
        self.overview = Overview(view.store)
        # At once: the header may be painted before the first frame.
        self.overview.observe(Changes(), full=True)
        self._header = HeaderLine(view, self.overview)
        self._path_line = PathLine(view)
        self._footer = FooterLine(view)

    def frame(self, frame: Frame) -> None:
        """Update the widgets; called for the visible screen only."""
        raise NotImplementedError

    @property
    def crumb(self) -> str:
        """The clean title of what it shows."""
        return self.title or ""

    @property
    def path(self) -> tuple[str, ...]:
        """The titles on the way to what is shown."""
        return (*(screen.crumb for screen in self.origin), self.crumb)

    def subject(self) -> Subject | None:
        """Return the object under the cursor, to open it or copy its name."""
        return None

    def marked(self) -> tuple[Subject, ...]:
        """Return the marked objects, for actions on all of them; none where nothing is marked."""
        return ()

    def chosen(self) -> tuple[Subject, ...]:
        """Return the marked objects, or the one under the cursor where nothing is marked."""
        subject = self.subject()
        return self.marked() or ((subject,) if subject else ())

    def targets(self) -> tuple[ObjectRef, ...]:
        """Return the objects of the Kubernetes API that an action here is about: `chosen` ones."""
        refs = (subject.ref(self.view.store) for subject in self.chosen())
        return tuple(ref for ref in refs if ref is not None)

    def why_no_target(self) -> str:
        """Return why `targets` has no object."""
        return NO_OBJECT

    def owner(self) -> ObjectRef | None:
        """Return the object that owns the one under the cursor; None where none is known."""
        subject, store = self.subject(), self.view.store
        if isinstance(subject, OpenNode):
            return owner_of_node(subject.name, store.table(ClaimRow).values())
        pod = store.pods.get(subject.uid) if isinstance(subject, OpenPod) else None
        return owner_of_pod(pod) if pod else None

    def why_unowned(self) -> str:
        """Return why `owner` is None."""
        subject = self.subject()
        node = self.view.store.nodes.get(subject.name) if isinstance(subject, OpenNode) else None
        return why_unowned(node) if node else "Nothing is known to own the object under the cursor."

    def legend(self) -> Iterable[tuple[str, str]]:
        """Return the marks that only this screen has, with their meanings, for its help."""
        return ()

    def entered(self) -> Subject | None:
        """Return the node on which `s` opens a session."""
        return self.subject()

    def component(self) -> str:
        """Return the control-plane component on this screen or under its cursor, for `l`."""
        return ""

    def look(self, tab: str) -> bool:  # noqa: ARG002 - screens that have tabs use it
        """Show a tab of this screen; False where there is no such tab."""
        return False

    def why_not_look(self, tab: str) -> str:
        """Return why `look`, here or of the object under the cursor, would show nothing new."""
        subject = self.subject()
        if subject is None:
            return self.why_no_target()
        lacks = f"The object under the cursor has no {_NOUNS.get(tab, tab)}."
        return "" if tab in subject.tabs(self.view.store) else self.view.keyed(lacks)

    def copied(self) -> str:
        """Return the text that `c` copies: the name, or those of all marked; empty for nothing."""
        return "\n".join(filter(None, (each.text(self.view.store) for each in self.chosen())))

    def fields(self) -> tuple[FieldValue, ...]:
        """Return the fields to copy of a screen that isn't about an object under the cursor."""
        text = self.copied()
        return (FieldValue("Text", text),) if text else ()

    def table_contents(self) -> "AnyContents | None":
        """Return the rows of its table, to save them; None where it shows no table."""
        return None

    def saved_lines(self) -> SavedLines | None:
        """Return the lines of its log, to save them; None where it shows none."""
        return None

    def yaml_text(self) -> str:
        """Return the YAML on its visible tab, to save it; empty for none."""
        return ""

    def why_not_copy(self) -> str:
        """Return why `c` would copy nothing."""
        return "" if self.copied() else "There is nothing to copy here."

    def tick(self, frame: Frame) -> None:
        """Update everything on this screen; called by the frame clock."""
        self.overview.observe(frame.changes, full=frame.full)
        self._header.sync(frame.now)
        self.frame(frame)
        self.view.follow_ecs(self.ecs)
        self._path_line.sync(self.path, self.origin[0].place if self.origin else self.place)
        self._footer.sync(frame.now)

    def on_screen_resume(self, event: ScreenResume) -> None:
        """Update the screen, which may be outdated."""
        self.ready = True
        app = self.app
        # Only a theme restyles a hidden screen; Textual's own handler, which follows, is slow.
        event.refresh_styles = self._styled != app.theme
        self._styled = app.theme
        # Not by a message: the outdated screen would be painted before it arrives.
        # The home screen resumes too while one table gives way to the next.
        if isinstance(app, Resumes) and (app.screen is self or app.screen.is_modal):
            app.resumed()

    def surrounding_widgets(self) -> Iterable[Widget]:
        return self._header, self._path_line, self._footer
