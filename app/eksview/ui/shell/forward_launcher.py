"""Proposes the ports of a port-forward, and begins one in the background."""

from typing import Any

from msgspec.structs import replace
from textual.app import App

from eksview.domain.actions.forward import ForwardState, PortForward, ports_of, wished_port
from eksview.domain.actions.question import Question
from eksview.domain.base.errors import UserError
from eksview.domain.base.text import clean
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.rows.server import Target
from eksview.process.local_ports import free_port
from eksview.ui.base.command_context import command_context
from eksview.ui.base.view import View


async def with_ports(view: View, ref: ObjectRef, question: Question) -> Question:
    """Return the question with the object's ports, and with a free local one for the first."""
    try:
        ports = ports_of(await view.backend.fetch_object(ref))
    except UserError as problem:
        unread = clean(f"Its ports are unknown: {problem.sentence}")
        return replace(question, warnings=(*question.warnings, unread))
    if not ports:
        none = clean("It declares no TCP port; one that it listens on works all the same.")
        return replace(question, warnings=(*question.warnings, none))
    first = ports[0].number
    proposed = f"{free_port(wished_port(first))}:{first}"
    return replace(question, proposed=proposed, ports=tuple(clean(str(port)) for port in ports))


def forward(
    app: App[Any], view: View, ref: ObjectRef, ports: tuple[int, int], target: Target
) -> None:
    """Run kubectl port-forward in the background, and say when it listens and when it ends."""
    begun = PortForward(ref, clean(target.context or target.cluster), *ports)
    command = command_context(view).kubectl_words(*begun.words)

    def tell(changed: PortForward) -> None:
        if changed.state is ForwardState.ENDED:
            text = f"{changed.name} ended: {changed.reason}."
            app.notify(text, severity="error", timeout=10)
        else:
            app.notify(f"Forwarding {changed.name}. `:forwards` lists and closes it.")

    view.forwards.begin(begun, command, view.environ, tell)
