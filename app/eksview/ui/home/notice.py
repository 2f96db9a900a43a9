"""The notice in the workers panel about nodes that are missing, refused or stale."""

from itertools import zip_longest

from rich.style import Style

from eksview.domain.access.error_messages import rbac_yaml
from eksview.domain.base.health import Health
from eksview.domain.base.text import Clean, clean
from eksview.domain.live.clock_skew import skew_words
from eksview.domain.live.trust import HEALTH, Trust, progress
from eksview.domain.rows.kube import Kind
from eksview.domain.rows.link import Link, Phase
from eksview.store.selectors.overview import Overview
from eksview.store.selectors.unjoined import Unjoined, first_unjoined
from eksview.ui.base.command_context import command_context
from eksview.ui.base.view import View
from eksview.ui.text.layout import fold
from eksview.ui.text.styled_text import Ink, Spans, pad
from eksview.ui.text.waiting import waiting_words

SIDE = 44  # cells of a line of a role
BAR = 24  # cells of the progress bar


def notice(view: View, overview: Overview, now: float, width: int, ink: Ink) -> list[Spans]:
    """Return lines above the nodes, or instead of them; none while all is well."""
    return [*_clock(view.store.time.ahead, width, ink), *_nodes(view, overview, now, width, ink)]


def _clock(ahead: float, width: int, ink: Ink) -> list[Spans]:
    words = skew_words(ahead)
    if not words:
        return []
    text = f"{words[:1].upper()}{words[1:]}. Ages are by the API server's clock."
    return _sentence(Health.WARN, text, ink.palette.warn, width, ink)


def _nodes(view: View, overview: Overview, now: float, width: int, ink: Ink) -> list[Spans]:
    links = view.store.links
    link, state = links.get(Kind.NODE.value), overview.trust(Kind.NODE)
    if link is None:
        return _connecting(view, overview, now, width, ink)
    if link.phase is Phase.OFF:
        return _sentence(Health.UNKNOWN, link.reason, ink.palette.dim, width, ink)
    if link.phase is Phase.REFUSED:
        return _refused(view, overview, link, width, ink)
    if state is Trust.STALE or link.phase is Phase.RETRYING:
        cause = link if link.phase is Phase.RETRYING else links.get(HEALTH, link)
        many = len(view.store.nodes)
        return _unconfirmed(cause, now, width, ink) if many else _retrying(cause, now, width, ink)
    return [] if view.store.nodes else _empty(view, overview, link, now, width, ink)


def _empty(
    view: View, overview: Overview, link: Link, now: float, width: int, ink: Ink
) -> list[Spans]:
    if link.phase is Phase.LIVE:
        unjoined = first_unjoined(view.store, now, command_context(view))
        return _no_nodes(width, ink) if unjoined is None else _unjoined(view, unjoined, width, ink)
    if link.phase is Phase.CONNECTING or waiting_words(view.store.facts, now):
        return _connecting(view, overview, now, width, ink)
    return _loading(link, ink)


def _connecting(view: View, overview: Overview, now: float, width: int, ink: Ink) -> list[Spans]:
    """Return where the connection goes, or the program or proxy that holds it up."""
    if words := waiting_words(view.store.facts, now):
        return [[], *_sentence(Health.WARN, words, ink.palette.warn, width, ink)]
    target = overview.target
    server = f" to {clean(target.server)}" if target else ""
    text = f"connecting{server}{ink.glyphs.more}"
    return [[], *_sentence(Health.UNKNOWN, text, ink.palette.dim, width, ink)]


def _loading(link: Link, ink: Ink) -> list[Spans]:
    palette, full, free, part = ink.palette, ink.glyphs.bar[0], ink.glyphs.bar[2], progress(link)
    count: Spans = [(f"{ink.glyphs.unknown} loading nodes: {link.loaded:,}", palette.dim)]
    if part is None:
        return [[], count]
    done = round(part * BAR)
    return [[], count, [(full * done, palette.used), (free * (BAR - done), palette.free)]]


def _unconfirmed(link: Link, now: float, width: int, ink: Ink) -> list[Spans]:
    """Return the effect on the nodes shown; the API link shows the cause."""
    text = f"last known state of the nodes, not live{_next_try(link, now)}"
    return _sentence(Health.WARN, text, ink.palette.warn, width, ink)


def _next_try(link: Link, now: float) -> str:
    return "" if link.retry_at is None else f" (next try in {max(0, round(link.retry_at - now))}s)"


def _retrying(link: Link, now: float, width: int, ink: Ink) -> list[Spans]:
    text = (link.reason or "No answer from the API server.") + _next_try(link, now)
    return _sentence(Health.WARN, text, ink.palette.warn, width, ink)


def _refused(view: View, overview: Overview, link: Link, width: int, ink: Ink) -> list[Spans]:
    palette = ink.palette
    reason = link.reason or "Can't list nodes: RBAC denies `list nodes`."
    lines = _sentence(Health.BAD, reason, palette.bad, width, ink)
    rule = missing_rule(view, overview)
    if not rule:
        return lines
    intro = fold(
        clean(view.keyed("A cluster administrator can grant it with ({app.copy} copies it):")),
        width,
    )
    head: list[Spans] = [[(line, palette.dim)] for line in intro]
    return [*lines, [], *head, *granting(rule, width, ink)]


def missing_rule(view: View, overview: Overview) -> str:
    """Return the RBAC objects that would let this user list the nodes; empty if none is missing."""
    link = view.store.links.get(Kind.NODE.value)
    if link is None or link.missing is None or view.store.nodes:
        return ""
    return rbac_yaml(link.missing, overview.identity.user if overview.identity else "")


def granting(yaml: str, width: int, ink: Ink) -> list[Spans]:
    """Return the role and its binding, side by side where there is room."""
    role, _, binding = yaml.partition("\n---\n")
    style, half = ink.palette.text, width // 2 - 4
    if half < SIDE:
        return [[(f"  {clean(line)}", style)] for line in yaml.splitlines()]
    pairs = zip_longest(role.splitlines(), ["---", *binding.splitlines()], fillvalue="")
    return [
        [("  ", style), *pad([(clean(left), style)], half, style), (clean(right), style)]
        for left, right in pairs
    ]


def _no_nodes(width: int, ink: Ink) -> list[Spans]:
    hint = Clean(
        "Nodes appear here when their kubelets register. On EKS, check the nodegroup's health and "
        "the logs of its instances. Pods stay Pending until a node is Ready."
    )
    title: list[str] = [*fold(Clean("No nodes have joined this cluster."), width)]
    lines: list[str] = [*fold(hint, width)]
    return [
        [],
        *([(line, ink.palette.strong)] for line in title),
        *([(line, ink.palette.dim)] for line in lines),
    ]


def _unjoined(view: View, unjoined: Unjoined, width: int, ink: Ink) -> list[Spans]:
    """Return the instance or NodeClaim that Enter opens, with the reason why it isn't a node."""
    palette = ink.palette
    health = Health.BAD if unjoined.failed else Health.UNKNOWN
    style = palette.state(health)
    reason: list[str] = [*fold(unjoined.reason, width - 2)]
    others = unjoined.count - 1
    how = "{workers.open} opens it, with all checks"
    how += f"; {{app.instances}} lists it and {others:,} more without a node." if others else "."
    return [
        [("No nodes have joined this cluster.", palette.strong)],
        *_sentence(health, f"{unjoined.key}: {unjoined.word}", style, width, ink),
        *([(f"  {line}", palette.text)] for line in reason),
        *([(str(line), palette.dim)] for line in fold(clean(view.keyed(how)), width)),
    ]


def _sentence(health: Health, text: str, style: Style, width: int, ink: Ink) -> list[Spans]:
    first, *rest = fold(clean(text), width - 2)
    head: Spans = [(f"{ink.glyphs.mark(health)} ", style), (first, style)]
    return [head, *([(f"  {line}", style)] for line in rest)]
