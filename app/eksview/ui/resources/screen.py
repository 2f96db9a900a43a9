"""The table of any resource of the API server."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar

from textual.binding import BindingType

from eksview.domain.base.health import Health
from eksview.domain.base.text import clean
from eksview.domain.guides.titles import title_of
from eksview.domain.kube.api_resource import ApiResource
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.kube.server_table import ObjectRow, ObjectTableKey
from eksview.domain.rows.link import Phase
from eksview.ui.base.lines.count_line import separated
from eksview.ui.base.live_screen import Frame
from eksview.ui.base.view import View
from eksview.ui.resources.creation import failure_of_row
from eksview.ui.resources.object_table import ObjectsTable
from eksview.ui.table.namespaced_screen import NamespacedScreen, namespace_bindings
from eksview.ui.text.words import Words


class ResourceScreen(NamespacedScreen):
    """A screen with the columns of `kubectl get` for a resource.

    The resource is watched from when the screen is opened until nothing leads back to it: in all
    namespaces, or in the chosen one where all are refused or too many.
    """

    KEYS = "resource"
    BINDINGS: ClassVar[list[BindingType]] = namespace_bindings(KEYS)

    def __init__(
        self, view: View, resource: ApiResource, namespace: str = "", named: str = ""
    ) -> None:
        self.resource = resource
        self.NOUN = named or resource.name
        self.LINK = ObjectTableKey(resource.qualified).link
        self.LINKS = (self.LINK,)
        self._source: Mapping[str, ObjectRow] | None = None
        self._why_refused: Sequence[Words] = ()
        super().__init__(view)
        self.title = title_of(resource.kind, self.NOUN)
        self.choose(namespace or view.settings.namespace)

    def make_table(self) -> ObjectsTable:
        return ObjectsTable(self.view, self.resource)

    @property
    def objects(self) -> ObjectsTable:
        """The table of this screen."""
        table: Any = self.table
        return table  # type: ignore[no-any-return]

    def on_mount(self) -> None:
        self._follow(self.objects.followed)

    def on_unmount(self) -> None:
        self._leave(self.objects.followed)

    def _follow(self, key: ObjectTableKey) -> None:
        self.view.backend.follow(self.resource, key.namespace)

    def _leave(self, key: ObjectTableKey) -> None:
        self.view.backend.leave(self.resource, key.namespace)

    def frame(self, frame: Frame) -> None:
        self._narrow_watch()
        changed = self.objects.declare()
        if changed and self._filter.text.strip():
            self.table.find(self._filter.text)  # its columns may be others now
        super().frame(frame)
        if (refused := self._refused()) != self._why_refused:
            self._why_refused = refused
            self._count()

    def _narrow_watch(self) -> None:
        """Watch the chosen namespace alone where all of them can't be."""
        before = self.objects.followed
        if before.namespace or not self._namespace:
            return
        link = self.view.store.links.get(before.link)
        if link is not None and link.phase in (Phase.REFUSED, Phase.OFF):
            self._watch(self._namespace)

    def _watch(self, namespace: str) -> None:
        before, now = self.objects.followed, ObjectTableKey(self.resource.qualified, namespace)
        if before == now:
            return
        self.objects.followed = now
        self.LINK = now.link
        self.LINKS = (now.link,)
        self._state.read_from(now.link)
        if self.is_mounted:
            self._follow(now)
            self._leave(before)

    def owner(self) -> ObjectRef | None:
        """Return the controller, or the first owner, of the row under the cursor."""
        row = self.objects.current
        return next(iter(row.owners), None) if row else None

    def touched(self, frame: Frame) -> Collection[str] | None:
        key = self.objects.followed
        rows = self.view.store.objects(key.resource, key.namespace).rows
        if rows is not self._source:
            self._source = rows
            return None
        return frame.changes.tables.get(key, ())

    def head(self) -> Words:
        """Return `12 deployments in shop: 2 with problems`."""
        tallies = self.table.tallies
        total = sum(tallies.values())
        alone = self.resource.singular if self.resource.name == self.NOUN else ""
        noun = alone or self.NOUN if total == 1 else self.NOUN
        bad, warn = (tallies.get(health, 0) for health in (Health.BAD, Health.WARN))
        unknown = tallies.get(Health.UNKNOWN, 0)
        counts: list[tuple[str, Any]] = []
        if bad + warn:
            problems = "problem" if bad + warn == 1 else "problems"
            counts.append((f"{bad + warn:,} {problems}", "bad" if bad else "warn"))
        if unknown:
            counts.append((f"{unknown:,} unknown", "dim"))
        return ((f"{total:,} {clean(noun)}", "strong"), *self.namespace_words, *separated(counts))

    def extras(self) -> Sequence[Words]:
        """Return why the row under the cursor lacks pods, if their creation is refused."""
        return self._why_refused

    def _refused(self) -> Sequence[Words]:
        row = self.objects.current
        failure = failure_of_row(self.view.store, self.resource, row) if row else None
        if row is None or failure is None:
            return ()
        cause: Words = ((failure.refusal.cause, "bad"),)
        return ((f"{row.name}: ", "dim"), *cause), cause

    def choose(self, namespace: str | None) -> None:
        if namespace is None or not self.resource.namespaced:
            return
        if self.objects.followed.namespace:
            self._watch(namespace)
        super().choose(namespace)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable the keys of namespaces for objects that have none."""
        if action in ("namespace", "all") and not self.resource.namespaced:
            return False
        return super().check_action(action, parameters)
