"""What the workers panel says when its nodes are missing, refused or no longer confirmed."""

from eksview.domain.health import Health
from eksview.domain.links import HEALTH, Trust
from eksview.domain.refusals import rbac_yaml
from eksview.domain.rows import Kind
from eksview.domain.text import clean
from eksview.domain.updates import Link, Phase
from eksview.ui.overview import Overview
from eksview.ui.view import View
from eksview.ui.widgets.spans import Spans


def notice(view: View, overview: Overview, now: float) -> list[Spans]:
    """Lines above the nodes, or instead of them; none when all is well."""
    links = view.store.links
    link, state = links.get(Kind.NODE.value), overview.trust(Kind.NODE)
    if link is None:
        return [[(_where(overview), view.palette().dim)]]
    if link.phase is Phase.REFUSED:
        return _refused(view, overview, link)
    if state is Trust.STALE or link.phase is Phase.RETRYING:
        cause = link if link.phase is Phase.RETRYING else links.get(HEALTH, link)
        return [_warning(view, f"{clean(cause.why)}{_again(cause, now)}")]
    if view.store.nodes:
        return []
    return _nobody(view) if state is Trust.LIVE else [[(_where(overview), view.palette().dim)]]


def _where(overview: Overview) -> str:
    target = overview.target
    return f"connecting to {clean(target.server)}" if target else "connecting"


def _again(link: Link, now: float) -> str:
    if link.retry_at is None:
        return ""
    return f" (next try in {max(0, round(link.retry_at - now))} s)"


def _warning(view: View, text: str) -> Spans:
    palette, glyphs = view.palette(), view.glyphs
    return [(f"{glyphs.mark(Health.WARN)} ", palette.warn), (text, palette.warn)]


def _refused(view: View, overview: Overview, link: Link) -> list[Spans]:
    palette, glyphs = view.palette(), view.glyphs
    said: list[Spans] = [[(f"{glyphs.bad} ", palette.bad), (clean(link.why), palette.text)]]
    if link.missing is None:
        return said
    user = overview.identity.user if overview.identity else ""
    said += [[], [("This would grant it:", palette.dim)]]
    yaml = rbac_yaml(link.missing, user).splitlines()
    return said + [[(f"  {clean(line)}", palette.text)] for line in yaml]


def _nobody(view: View) -> list[Spans]:
    palette = view.palette()
    return [
        [("No nodes have joined this cluster.", palette.strong)],
        [
            (
                "On EKS, look at the nodegroup's health and at its instances; "
                "pods stay Pending until a node is Ready.",
                palette.dim,
            )
        ],
    ]
