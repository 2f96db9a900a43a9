"""The settings of the context that a kubeconfig has as its current one."""

from collections.abc import Mapping
from contextlib import suppress

from eksview.config.settings import Settings, in_context
from eksview.domain.base.errors import UserError
from eksview.engine.connect import list_contexts, named_by_eks


def in_current_context(settings: Settings, environ: Mapping[str, str]) -> Settings:
    """Return the settings with the file's values for the context, or for the cluster of EKS.

    A kubeconfig that can't be read is reported when the cluster is opened; ECS has no context.
    """
    if settings.ecs_cluster:
        return settings
    if named_by_eks(settings):
        return in_context(settings, settings.cluster or "")
    if settings.context:
        return in_context(settings, settings.context)
    with suppress(UserError):
        for context in list_contexts(settings, environ):
            if context.current:
                return in_context(settings, context.name)
    return settings
