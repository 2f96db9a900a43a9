"""The access chain from the kubeconfig to the list of nodes, each step with its evidence."""

from eksview.domain.access.access_step import AccessStep, Inputs
from eksview.domain.access.connection_steps import credentials_step, endpoint_step, kubeconfig_step
from eksview.domain.access.freshness import dated
from eksview.domain.access.permission_steps import (
    answer_step,
    authentication_step,
    mapping_step,
    rbac_step,
)
from eksview.domain.base.health import WORST_FIRST, Health


def chain(inputs: Inputs) -> tuple[AccessStep, ...]:
    """Return all steps in the order of a request, including those after a broken one."""
    steps = [
        kubeconfig_step(inputs),
        credentials_step(inputs),
        endpoint_step(inputs),
        authentication_step(inputs),
    ]
    if inputs.eks:
        steps.append(mapping_step(inputs))
    steps += [rbac_step(inputs), answer_step(inputs)]
    return tuple(dated(step, inputs) for step in steps)


def broken(steps: tuple[AccessStep, ...]) -> AccessStep | None:
    """Return the first broken step."""
    return next((step for step in steps if step.state is Health.BAD), None)


def fixable(steps: tuple[AccessStep, ...]) -> AccessStep | None:
    """Return the step whose remedies are copied: broken, else a warning, else an old one of both.

    The first one of its state.
    """
    steps = tuple(step for step in steps if step.todo)
    return min(steps, key=lambda step: WORST_FIRST[step.state], default=None)
