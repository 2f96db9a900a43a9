"""The access chain from the kubeconfig to the list of nodes, each step with its evidence."""

from eksview.domain.access.access_step import AccessStep, Inputs
from eksview.domain.access.connection_steps import credentials_step, endpoint_step, kubeconfig_step
from eksview.domain.access.permission_steps import (
    answer_step,
    authentication_step,
    mapping_step,
    rbac_step,
)
from eksview.domain.base.health import Health


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
    return (*steps, rbac_step(inputs), answer_step(inputs))


def broken(steps: tuple[AccessStep, ...]) -> AccessStep | None:
    """Return the first broken step."""
    return next((step for step in steps if step.state is Health.BAD), None)


def fixable(steps: tuple[AccessStep, ...]) -> AccessStep | None:
    """Return the step whose remedies are copied: the first broken one, else the first warning."""
    steps = tuple(step for step in steps if step.todo)
    warning = next((step for step in steps if step.state is Health.WARN), None)
    return next((step for step in steps if step.state is Health.BAD), warning)
