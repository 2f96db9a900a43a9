"""What the workers panel says when its nodes are missing, refused or no longer confirmed."""

from itertools import zip_longest
from textwrap import wrap

from rich.style import Style

from eksview.domain.access.error_messages import rbac_yaml
from eksview.domain.base.health import Health
from eksview.domain.base.text import clean
from eksview.domain.live.trust import HEALTH, Trust, progress
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Link, Phase
from eksview.store.selectors.overview import Overview
from eksview.ui.base.view import View
from eksview.ui.text.styled_text import Ink, Spans, pad

MOST = 3  # lines of a sentence above the nodes
SIDE = 44  # cells that a line of a role needs
BAR = 24  # cells of the progress bar


def notice(
    view: View, overview: Overview, now: float, room: tuple[int, int], ink: Ink
) -> list[Spans]:
    """Lines above the nodes, or instead of them; none when all is well."""
    links, width = view.store.links, room[0]
    link, state = links.get(Kind.NODE.value), overview.trust(Kind.NODE)
    if link is None:
        return _first(overview, ink)
    if link.phase is Phase.REFUSED:
        return _refused(view, overview, link, width, ink)
    if state is Trust.STALE or link.phase is Phase.RETRYING:
        cause = link if link.phase is Phase.RETRYING else links.get(HEALTH, link)
        many = len(view.store.nodes)
        return _unconfirmed(cause, now, ink) if many else _trouble(cause, now, width, ink)
    return [] if view.store.nodes else _nothing_yet(overview, link, width, ink)


def _nothing_yet(overview: Overview, link: Link, width: int, ink: Ink) -> list[Spans]:
    if link.phase is Phase.LIVE:
        return _nobody(width, ink)
    return _first(overview, ink) if link.phase is Phase.CONNECTING else _reading(link, ink)


def _first(overview: Overview, ink: Ink) -> list[Spans]:
    target = overview.target
    where = f"connecting to {clean(target.server)}" if target else "connecting"
    return [[], [(f"{ink.glyphs.unknown} {where}", ink.palette.dim)]]


def _reading(link: Link, ink: Ink) -> list[Spans]:
    palette, full, free, part = ink.palette, ink.glyphs.bar[0], ink.glyphs.bar[2], progress(link)
    said: Spans = [(f"{ink.glyphs.unknown} reading nodes: {link.loaded:,}", palette.dim)]
    if part is None:
        return [[], said]
    done = round(part * BAR)
    return [[], said, [(full * done, palette.used), (free * (BAR - done), palette.free)]]


def _unconfirmed(link: Link, now: float, ink: Ink) -> list[Spans]:
    """Why is said by the link; here, what it means for what is shown."""
    again = "" if link.retry_at is None else f", {_next_try(link.retry_at, now)}"
    said = f"{ink.glyphs.warn} these nodes are as last seen, not as they are{again}"
    return [[(said, ink.palette.warn)]]


def _next_try(at: float, now: float) -> str:
    return f"next try in {max(0, round(at - now))}s"


def _trouble(link: Link, now: float, width: int, ink: Ink) -> list[Spans]:
    why = clean(link.why) or "No answer from the API server."
    again = "" if link.retry_at is None else f" ({_next_try(link.retry_at, now)})"
    return _sentence(Health.WARN, why + again, ink.palette.warn, width, ink)[:MOST]


def _refused(view: View, overview: Overview, link: Link, width: int, ink: Ink) -> list[Spans]:
    palette = ink.palette
    why = clean(link.why) or "You may not list the nodes."
    said = _sentence(Health.BAD, why, palette.bad, width, ink)
    if view.store.nodes:
        return said[:MOST]
    if link.missing is None:
        return said
    user = overview.identity.user if overview.identity else ""
    head: Spans = [("Somebody who administers the cluster can grant it:", palette.dim)]
    return [*said, [], head, *granting(rbac_yaml(link.missing, user), width, ink)]


def granting(yaml: str, width: int, ink: Ink) -> list[Spans]:
    """The role and its binding; side by side where there is room, since both are long."""
    role, _, binding = yaml.partition("\n---\n")
    style, half = ink.palette.text, width // 2 - 4
    if half < SIDE:
        return [[(f"  {clean(line)}", style)] for line in yaml.splitlines()]
    pairs = zip_longest(role.splitlines(), ["---", *binding.splitlines()], fillvalue="")
    return [
        [("  ", style), *pad([(clean(one), style)], half, style), (clean(other), style)]
        for one, other in pairs
    ]


def _nobody(width: int, ink: Ink) -> list[Spans]:
    hint = (
        "Nodes appear here when their kubelets register. On EKS, look at the nodegroup's health "
        "and at its instances' logs; until one is Ready, pods stay Pending."
    )
    lines = wrap(hint, max(10, width))
    return [
        [],
        [("No nodes have joined this cluster.", ink.palette.strong)],
        *([(line, ink.palette.dim)] for line in lines),
    ]


def _sentence(health: Health, text: str, style: Style, width: int, ink: Ink) -> list[Spans]:
    first, *rest = wrap(text, max(10, width - 2)) or [""]
    head: Spans = [(f"{ink.glyphs.mark(health)} ", style), (first, style)]
    return [head, *([(f"  {line}", style)] for line in rest)]
