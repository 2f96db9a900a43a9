"""Leads from a key to an action: which one, the question, the change, and what came of it."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from msgspec.structs import replace
from textual.app import App

from eksview.domain.actions.drain_options import DrainOptions
from eksview.domain.actions.offer import Cordoned, offered
from eksview.domain.actions.question import Question, paused, question
from eksview.domain.actions.registry import ChangeValues, Verb, changes_of, needed, words_of
from eksview.domain.actions.result import result
from eksview.domain.aws.target import eks_name
from eksview.domain.base.age import rfc3339
from eksview.domain.base.errors import UserError
from eksview.domain.base.reading import value_of
from eksview.domain.drain.plan import DrainPlan, drain_plan
from eksview.domain.kube.object_ref import ObjectRef
from eksview.domain.rows.server import Target
from eksview.store.selectors.node_use import used_on_nodes
from eksview.ui.actions.answer import Answer
from eksview.ui.actions.drain_text import plan_warnings
from eksview.ui.base.command_context import command_context
from eksview.ui.base.view import View
from eksview.ui.shell import routes
from eksview.ui.shell.action_limits import limits
from eksview.ui.shell.forward_launcher import forward, with_ports
from eksview.ui.shell.shell_launcher import ShellLauncher

NOT_CONNECTED = "eksview isn't connected to a cluster yet."


class ActionLauncher:
    """The actions on objects; one that is chosen is done after its question, in a worker."""

    def __init__(self, app: App[Any], shells: ShellLauncher) -> None:
        self._app = app
        self._shells = shells

    def offer(self, view: View, refs: Sequence[ObjectRef]) -> None:
        """Show the actions of objects, and begin the chosen one."""
        actions = offered(refs, limits(view, self._shells), _cordoned(view, refs))
        picker = routes.actions(view, refs, actions)

        def chosen(verb: Verb | None) -> None:
            if verb is not None:
                self.begin(view, verb, refs)

        self._app.push_screen(picker, chosen)

    def begin(self, view: View, verb: Verb, refs: Sequence[ObjectRef]) -> None:
        """Ask about an action, and do it after a yes."""
        target = value_of(view.store.facts.target)
        if target is None:
            self._app.notify(NOT_CONNECTED, severity="error")
            return
        plans: list[DrainPlan] = []  # filled before the question about a drain
        make = partial(_question, view, verb, refs, target, plans)
        dialog = routes.action_question(view, verb, make)

        def answered(answer: Answer | None) -> None:
            if answer is None:
                return
            if verb is Verb.DRAIN:
                self._drain(view, plans, target, answer.draining)
                return
            words = words_of(verb, refs[0], image=view.settings.debug_image)
            if answer.ports is not None:
                forward(self._app, view, refs[0], answer.ports, target)
            elif words:
                self._shells.launch(command_context(view).kubectl_words(*words))
            else:
                work = self._carry_out(view, verb, refs, answer, target)
                self._app.run_worker(work, group="action")

        self._app.push_screen(dialog, answered)

    def _drain(
        self, view: View, plans: Sequence[DrainPlan], target: Target, options: DrainOptions
    ) -> None:
        self._app.push_screen(routes.drain(view, target.server, plans, options))

    async def _carry_out(
        self, view: View, verb: Verb, refs: Sequence[ObjectRef], answer: Answer, target: Target
    ) -> None:
        """Send a change after the other; an answer that is lost ends it, nothing is repeated."""
        values = ChangeValues(rfc3339(view.clock()), answer.replicas or 0)
        changes = changes_of(verb, refs, values)
        outcomes = []
        try:
            for change in changes:
                outcomes.append(await view.backend.act(change, target.server))
                if outcomes[-1].lost:
                    break
        except UserError as problem:
            self._app.notify(problem.sentence, severity="error", timeout=10)
            return
        done = len(outcomes) == len(refs) and all(outcome.done for outcome in outcomes)
        self._app.notify(
            result(verb, refs, outcomes),
            severity="information" if done else "error",
            timeout=5 if done else 15,
        )


async def _question(
    view: View, verb: Verb, refs: Sequence[ObjectRef], target: Target, plans: list[DrainPlan]
) -> Question:
    """Review the rights and read the objects, then return the question."""
    backend = view.backend
    rights = [await backend.review(ask) for ask in needed(verb, refs)]
    facts = await backend.action_facts(verb, refs)
    name = eks_name(target.cluster)
    short = name.cluster if name else ""
    made = question(verb, refs, facts, rights, target, view.settings.protect, short)
    if verb is Verb.FORWARD:
        return await with_ports(view, refs[0], made)
    if verb is Verb.RESTART:
        stopped = paused(refs, facts, command_context(view).kubectl)
        return replace(made, denied=(*made.denied, *stopped))
    if verb is not Verb.DRAIN:
        return made
    for ref in refs:
        plans.append(drain_plan(await backend.drain_facts(ref.name), used_on_nodes(view.store)))
    warned = [line for plan in plans for line in plan_warnings(plan)]
    return replace(made, warnings=(*warned, *made.warnings))


def _cordoned(view: View, refs: Sequence[ObjectRef]) -> Cordoned:
    nodes = [view.store.nodes.get(ref.name) for ref in refs if ref.kind == "Node"]
    states = {node.unschedulable for node in nodes if node is not None}
    if len(states) != 1 or None in nodes:
        return "some"
    return "all" if states == {True} else "none"
