"""The keys that lead from screen to screen, and the reasons why a key would do nothing."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from rich.text import Text
from textual.actions import ActionParseResult, parse
from textual.dom import DOMNode
from textual.events import Key

from eksview.domain.actions.registry import Verb
from eksview.domain.kube.object_ref import ObjectRef
from eksview.ui.base.availability import why_not
from eksview.ui.base.key_names import key_name
from eksview.ui.base.live_screen import LiveScreen
from eksview.ui.base.messages import OpenObject, OpenPod
from eksview.ui.base.screen_registry import BY_NAME
from eksview.ui.base.view import View
from eksview.ui.base.viewport import HoldsCursor
from eksview.ui.shell.action_limits import why_no_action
from eksview.ui.shell.k9s_keys import K9S_KEYS
from eksview.ui.shell.log_launcher import LogLauncher, why_no_logs
from eksview.ui.shell.navigation import Navigation
from eksview.ui.shell.shell_launcher import ShellLauncher, why_no_session
from eksview.ui.terminal.textual_private import AppHooks

if TYPE_CHECKING:
    from eksview.ui.shell.action_launcher import ActionLauncher

ABOUT_A_ROW = frozenset({
    "actions", "copy", "copy_field", "delete", "equivalent_commands", "logs", "look", "owner",
    "session",
})  # fmt: skip
"""The actions that are about what is under the cursor, which stays on it from their key on."""


class NavigationActions(AppHooks, inherit_bindings=False):
    """An application that leads from screen to screen; a key that would do nothing says why."""

    view: View
    navigation: Navigation
    shells: ShellLauncher
    logs: LogLauncher

    @cached_property
    def actions(self) -> "ActionLauncher":
        """The actions on objects, imported with all that they need for the first of them."""
        from eksview.ui.shell.action_launcher import ActionLauncher  # noqa: PLC0415

        return ActionLauncher(self, self.shells)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable `leave` on any screen but home, where its key goes back."""
        if action == "leave":
            return self.navigation.at_home
        if action in ("go", "command") and self.screen.is_modal:
            return False  # the key is the dialog's
        return super().check_action(action, parameters)

    def why_not(self, action: str, parameters: tuple[object, ...]) -> str:
        """Return why an action would do nothing on this screen and its selection."""
        screen = self.screen
        match action, parameters:
            case "back", _:
                words = self.view.keyed("This is home. Press {app.leave} to quit.")
                return words if self.navigation.at_home else ""
            case "go", (str(name),):
                shown = isinstance(screen, LiveScreen) and screen.place == name
                return f"{BY_NAME[name].title} is shown." if shown else ""
            case "previous", _:
                return self.navigation.why_not_previous()
            case "owner", _ if isinstance(screen, LiveScreen) and not screen.owner():
                return screen.why_unowned()
        return (
            self._why_not_at(screen, action, parameters) if isinstance(screen, LiveScreen) else ""
        )

    def _why_not_at(self, screen: LiveScreen, action: str, parameters: tuple[object, ...]) -> str:
        """Return why an action would do nothing about what is under the cursor or marked."""
        if action in ("actions", "delete"):
            verb, targets = Verb.DELETE if action == "delete" else None, screen.targets()
            if not targets:
                return screen.why_no_target()
            return why_no_action(self.view, self.shells, verb, targets)
        if action == "session" and (pod := _pod_of(screen)):
            return why_no_action(self.view, self.shells, Verb.SHELL, (pod,))
        return _why_nothing_there(screen, action, parameters)

    def is_early(self, key: Key) -> bool:
        """Return whether a key would do nothing, but may once the rows of the screen are read."""
        screen = self.screen
        if not (isinstance(screen, LiveScreen) and screen.awaits_rows):
            return False
        bound = screen.active_bindings.get(key.key)
        return bound is not None and bool(why_not(self, bound.node, bound.binding.action))

    def unbound(self, key: str) -> None:
        """Say of a key that does nothing on a screen which one does what k9s does by it."""
        if isinstance(self.screen, LiveScreen):
            nothing = f"{key_name(key)} does nothing here; {{app.help}} lists the keys."
            words = self.view.keyed(K9S_KEYS.get(key, nothing))
            self.notify(words, timeout=3, markup=False)

    async def run_action(
        self,
        action: "str | ActionParseResult",  # a string at run time
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Run an action, or show why it would do nothing."""
        if isinstance(action, str):
            if isinstance(self.screen, HoldsCursor) and parse(action)[1] in ABOUT_A_ROW:
                self.screen.hold_cursor()
            reason = why_not(self, default_namespace or self, action)
            if reason:
                self.notify(reason, timeout=3, markup=False)
                return True
        return await super().run_action(action, default_namespace, namespaces)

    def action_go(self, name: str) -> None:
        self.navigation.go(name)

    async def action_back(self) -> None:
        self.navigation.back()

    def action_previous(self) -> None:
        self.navigation.previous()

    def action_logs(self) -> None:
        """Open the logs of what is on the screen or under the cursor."""
        if isinstance(self.screen, LiveScreen):
            self.logs.open(self.view, self.screen)

    def action_actions(self) -> None:
        """Offer the actions of what is marked, else of the object under the cursor."""
        if isinstance(self.screen, LiveScreen):
            self.actions.offer(self.view, self.screen.targets())

    def action_delete(self) -> None:
        """Ask whether to delete what is marked, else the object under the cursor."""
        if isinstance(self.screen, LiveScreen):
            self.actions.begin(self.view, Verb.DELETE, self.screen.targets())

    def action_session(self) -> None:
        """Offer the ways into the node under the cursor, or ask about a shell in the pod."""
        screen = self.screen
        if not isinstance(screen, LiveScreen):
            return
        if pod := _pod_of(screen):
            self.actions.begin(self.view, Verb.SHELL, (pod,))
        else:
            self.shells.offer(self.view, screen.entered())

    def action_owner(self) -> None:
        """Open what owns the object under the cursor; again, what owns that."""
        screen = self.screen
        owner = screen.owner() if isinstance(screen, LiveScreen) else None
        if owner is not None:
            self.navigation.open(OpenObject(owner))

    def action_leave(self) -> None:
        """End eksview; what is cut short by it is said on the terminal."""
        said = (getattr(screen, "parting", lambda: "")() for screen in self.screen_stack)
        self.exit(message=Text("\n".join(filter(None, said))) or None)

    action_leave_now = action_leave


def _pod_of(screen: LiveScreen) -> ObjectRef | None:
    """Return the pod on which `s` opens a shell; None where it opens a session on a node."""
    subject = screen.entered()
    return subject.ref(screen.view.store) if isinstance(subject, OpenPod) else None


def _why_nothing_there(screen: LiveScreen, action: str, parameters: tuple[object, ...]) -> str:
    """Return why an action would do nothing about what is under the cursor."""
    match action, parameters:
        case "look", (str(tab),):
            return screen.why_not_look(tab)
        case "copy", _:
            return screen.why_not_copy()
        case "logs", _:
            return why_no_logs(screen)
        case "session", _:
            return screen.view.keyed(why_no_session(screen.entered()))
    return ""
