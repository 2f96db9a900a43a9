"""The fields that can be copied from a screen: of one object, of all marked, or of the screen."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from functools import partial
from typing import Any, TypeAlias

from msgspec import Struct

from eksview.domain.fields.field import FieldValue, together, without_repeats
from eksview.domain.rows.kube import Kind
from eksview.store.selectors.fields import group_fields, instance_fields, object_fields
from eksview.store.store import Store
from eksview.ui.base.live_screen import LiveScreen
from eksview.ui.base.messages import OpenGroup, OpenInstance, OpenMapped, Subject
from eksview.ui.base.view import View

Fetch: TypeAlias = Callable[[], Awaitable[dict[str, Any]]]
"""A request for a whole object; raises only UserError."""
Commands: TypeAlias = Callable[[Subject], Iterable[FieldValue]]
"""The equivalent commands about an object."""


class CopiedFields(Struct, frozen=True):
    """The fields of `title`; `fetch` requests the whole object, which has more of them."""

    title: str
    values: tuple[FieldValue, ...]
    fetch: Fetch | None = None


def fields_to_copy(view: View, screen: LiveScreen, commands: Commands) -> CopiedFields:
    """Return the fields of what is marked, under the cursor or on the screen."""
    subjects = screen.chosen()
    if not subjects:
        return CopiedFields(screen.crumb, screen.fields())
    if len(subjects) == 1:
        (subject,) = subjects
        values = without_repeats((*_fields(view.store, subject), *commands(subject)))
        return CopiedFields(subject.text(view.store), values, _fetch(view, subject))
    values_of_each = (without_repeats(_fields(view.store, subject)) for subject in subjects)
    return CopiedFields(f"from {len(subjects):,} marked", together(values_of_each))


def _fields(store: Store, subject: Subject) -> Iterator[FieldValue]:
    """Yield the fields that the store knows, the name first."""
    target = subject.target(store) if isinstance(subject, OpenMapped) else subject
    if target is None:
        return
    if isinstance(target, OpenInstance):
        yield from instance_fields(store, target.instance)
    elif isinstance(target, OpenGroup):
        yield from group_fields(store, target.name)
    elif (ref := target.ref(store)) is not None:
        yield from object_fields(store, ref)
    else:
        yield FieldValue("Text", target.text(store))


def _fetch(view: View, subject: Subject) -> Fetch | None:
    ref = subject.ref(view.store)
    if ref is None:
        return None
    kind = {"nodes": Kind.NODE, "pods": Kind.POD}.get(ref.plural) if ref.api == "v1" else None
    if kind is None:
        return partial(view.backend.fetch_object, ref)
    return partial(view.backend.fetch, kind, ref.name, ref.namespace)
