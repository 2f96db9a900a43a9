"""The options of commands for the cluster and the account that are shown."""

from eksview.domain.base.reading import last_of, value_of
from eksview.domain.live.command_context import CommandContext, context_of
from eksview.ui.base.view import View


def command_context(view: View) -> CommandContext:
    """Return the options that lead to the cluster and the account that are shown."""
    target = value_of(view.store.facts.target)
    identity = last_of(view.store.facts.aws_identity)
    region, profile = (identity.region, identity.profile) if identity else ("", "")
    return context_of(
        view.environ,
        context=target.context if target and target.kubectl != "" else "",
        files=target.files if target else (),
        region=region or view.settings.region or "",
        profile=profile or view.settings.profile or "",
    )
