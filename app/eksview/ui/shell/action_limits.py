"""Why there is no action on objects, for the footer and for the keys."""

from collections.abc import Sequence

from eksview.domain.actions.offer import ActionLimits, reason_not
from eksview.domain.actions.registry import Verb
from eksview.domain.base.reading import value_of
from eksview.domain.kube.object_ref import ObjectRef
from eksview.ui.base.view import View
from eksview.ui.shell.shell_launcher import ShellLauncher


def limits(view: View, shells: ShellLauncher) -> ActionLimits:
    """Return what limits the actions of this view."""
    target = value_of(view.store.facts.target)
    context = target is None or target.kubectl is not None
    runs = context and shells.find_program("kubectl") is not None
    return ActionLimits(view.settings.allow_writes, shells.served, runs)


def why_no_action(
    view: View, shells: ShellLauncher, verb: Verb | None, refs: Sequence[ObjectRef]
) -> str:
    """Return why there is no action, or not this one, on objects."""
    return "" if verb is None else reason_not(verb, refs, limits(view, shells))
