"""The way from the key `l` to logs: of objects, of a node's services, of the control plane."""

from functools import partial
from typing import TYPE_CHECKING, Any

from textual.app import App

from eksview.domain.kube.object_ref import ObjectRef
from eksview.ui.base.live_screen import LiveScreen
from eksview.ui.base.messages import (
    OpenControlPlaneLog,
    OpenJournal,
    OpenLogs,
    OpenTask,
    OpenTaskLog,
)
from eksview.ui.base.view import View
from eksview.ui.shell import routes
from eksview.ui.shell.shell_launcher import ShellLauncher

if TYPE_CHECKING:
    from eksview.ui.logs.node_logs import NodeLog

LOGGED = (
    "Pod", "Node", "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job", "CronJob",
    "ReplicationController", "Service",
)  # fmt: skip
"""The kinds whose pods can be found."""
ONLY_EKS = "Logs of the control plane are read from CloudWatch Logs, where EKS delivers them."


def why_no_logs(screen: LiveScreen) -> str:
    """Return why there are no logs of what is on a screen or under its cursor."""
    if screen.component():
        return "" if screen.overview.distribution.kind == "eks" else ONLY_EKS
    subject = screen.subject()
    if isinstance(subject, OpenTask):
        from eksview.store.selectors.ecs import why_no_task_log  # noqa: PLC0415 - of a task only

        return why_no_task_log(screen.view.store, subject.key)
    targets = screen.targets()
    if not targets:
        return screen.why_no_target()
    kind = targets[0].kind
    return "" if kind in LOGGED else f"A {kind} has no logs: open those of a pod."


class LogLauncher:
    """Opens logs, after a choice where there are several."""

    def __init__(self, app: App[Any], shells: ShellLauncher) -> None:
        self._app = app
        self._shells = shells

    def open(self, view: View, screen: LiveScreen) -> None:
        """Open or offer the logs of what is on a screen or under its cursor."""
        targets, subject = screen.targets(), screen.subject()
        if component := screen.component():
            self.offer_control_plane(view, component)
        elif isinstance(subject, OpenTask):
            self._offer_task(view, subject)
        elif targets and targets[0].kind == "Node":
            dialog = routes.node_logs(view, targets[0].name)
            self._app.push_screen(dialog, partial(self._open_node_log, view, targets[0]))
        elif targets:
            self._app.post_message(OpenLogs(targets[0]))

    def _offer_task(self, view: View, subject: OpenTask) -> None:
        """Open the log of a task's container, after a choice where several have one."""
        from eksview.store.selectors.ecs import readable_logs  # noqa: PLC0415 - of a task only

        names = readable_logs(view.store, subject.key)

        def show(name: str | None) -> None:
            if name is not None:
                self._app.post_message(OpenTaskLog(subject.key, name))

        if len(names) == 1:
            show(names[0])
        elif names:
            self._app.push_screen(routes.container_picker(view, names), show)

    def offer_control_plane(self, view: View, component: str = "") -> None:
        """Offer the types of the control plane's logs, beginning with that of a component."""
        self._app.push_screen(routes.control_plane_logs(view, component), self._open_type)

    def show_control_plane(self, view: View, log_type: str, pattern: str) -> None:
        """Open a type of the control plane's logs, or offer them for none."""
        if log_type:
            self._app.post_message(OpenControlPlaneLog(log_type, pattern))
        else:
            self.offer_control_plane(view)

    def _open_type(self, log_type: str | None) -> None:
        if log_type is not None:
            self._app.post_message(OpenControlPlaneLog(log_type))

    def _open_node_log(self, view: View, ref: ObjectRef, chosen: "NodeLog | None") -> None:
        if chosen is None:
            return
        if chosen.by_session:
            self._shells.offer_journal(view, ref.name, chosen.service)
        else:
            service = chosen.service
            self._app.post_message(OpenJournal(ref, service) if service else OpenLogs(ref))
