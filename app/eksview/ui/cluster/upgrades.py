"""What one looks at before the next version: add-ons, skew, updates and insights."""

from collections.abc import Iterator

from eksview.domain.aws.cluster_health import insight_health, status_health, support_words
from eksview.domain.base.age import human_duration
from eksview.domain.base.health import Health
from eksview.domain.base.text import cells, clean, fit
from eksview.store.selectors.eks import EksSummary
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.layout import fold
from eksview.ui.text.sections import figures, marked
from eksview.ui.text.words import TONE_OF, Tone, Words

RECENT = 30 * 86_400.0
"""Seconds for which an update that has ended is still shown."""
_UPDATES = {"Successful": Health.OK, "InProgress": Health.WARN, "Failed": Health.BAD}


def addon_lines(eks: EksSummary, width: int, glyphs: Glyphs) -> Iterator[Words]:
    """A line per add-on, with what is wrong with it below."""
    if not eks.addons:
        yield (("No EKS add-on is known.", "dim"),)
        return
    name = max(cells(clean(each.name)) for each in eks.addons) + 2
    head = fit("NAME", name) + fit("STATUS", 16) + fit("VERSION", 24) + "NEWEST FOR THE CLUSTER"
    yield ((f"  {head}", "dim"),)
    for each in sorted(eks.addons, key=lambda each: (not each.issues, each.name)):
        health = status_health(each.status)
        health = Health.WARN if each.issues and health is Health.OK else health
        tone: Tone = "text" if health is Health.OK else TONE_OF[health]
        behind = bool(each.latest) and each.latest != each.version
        newest = clean(each.latest) if behind else "the same" if each.latest else "not read"
        yield (
            (f"{glyphs.mark(health)} ", TONE_OF[health]),
            (fit(clean(each.name), name), "text"),
            (fit(clean(each.status), 16), tone),
            (fit(clean(each.version), 24, more=glyphs.more), "text"),
            (f"{glyphs.up} {newest}" if behind else newest, "accent" if behind else "faint"),
        )
        for issue in each.issues:
            said = f"{clean(issue.code)}: {clean(issue.message)}"
            for line in fold(said, width - 4):
                yield ((f"    {line}", TONE_OF[health]),)


def upgrade_lines(eks: EksSummary, width: int, glyphs: Glyphs) -> Iterator[Words]:
    """Skew, updates, insights: what one looks at before the next version."""
    if eks.cluster is not None:
        said = support_words(eks.cluster, eks.now)
        version = f"{clean(eks.cluster.version)} {clean(eks.cluster.platform)}"
        yield from figures(
            "Version", [("Now", version, "text"), marked("Support", *said, glyphs)], width
        )
    if eks.skew:
        yield (("Version skew", "strong"),)
        for each in eks.skew:
            tone: Tone = "text" if each.health is Health.OK else TONE_OF[each.health]
            for number, line in enumerate(fold(clean(each.sentence), width - 4)):
                mark = f"  {glyphs.mark(each.health)} " if number == 0 else "    "
                yield ((mark, TONE_OF[each.health]), (line, tone))
        yield ()
    yield from _updates(eks, width, glyphs)
    yield from _insights(eks, width, glyphs)


def _updates(eks: EksSummary, width: int, glyphs: Glyphs) -> Iterator[Words]:
    shown = [
        each
        for each in eks.updates
        if each.status == "InProgress" or eks.now - (each.started or 0.0) < RECENT
    ]
    yield (("Updates", "strong"), ("  in progress, and of the last 30 days", "faint"))
    if not shown:
        yield (("  none", "dim"),)
    for each in sorted(shown, key=lambda each: -(each.started or 0.0)):
        health = _UPDATES.get(each.status, Health.UNKNOWN)
        tone: Tone = "text" if health is Health.OK else TONE_OF[health]
        ago = f"{human_duration(max(0.0, eks.now - each.started))} ago" if each.started else ""
        what = "  ".join(f"{clean(key)}={clean(value)}" for key, value in each.parameters)
        yield (
            (f"  {glyphs.mark(health)} ", TONE_OF[health]),
            (fit(clean(each.status), 12), tone),
            (fit(clean(each.type), 24, more=glyphs.more), "text"),
            (fit(clean(each.about) or "cluster", 26, more=glyphs.more), "text"),
            (fit(ago, 10), "dim"),
            (what, "dim"),
        )
        for issue in each.errors:
            for line in fold(f"{clean(issue.code)}: {clean(issue.message)}", width - 6):
                yield ((f"      {line}", "bad"),)
    yield ()


def _insights(eks: EksSummary, width: int, glyphs: Glyphs) -> Iterator[Words]:
    if not eks.insights:
        yield (("Insights  ", "strong"), ("none were read", "dim"))
        return
    yield (("Insights", "strong"),)
    order = {Health.BAD: 0, Health.WARN: 1, Health.UNKNOWN: 2, Health.OK: 3}
    for each in sorted(
        eks.insights, key=lambda each: (order[insight_health(each.status)], each.name)
    ):
        health = insight_health(each.status)
        tone: Tone = "text" if health is Health.OK else TONE_OF[health]
        about = f"for {clean(each.version)}" if each.version else clean(each.category)
        yield (
            (f"  {glyphs.mark(health)} ", TONE_OF[health]),
            (clean(each.name), tone),
            (f"  {clean(each.status)}  {about}", "dim"),
        )
        if health is not Health.OK:
            for said in filter(None, (each.reason, each.recommendation)):
                for line in fold(clean(said), width - 4):
                    yield ((f"    {line}", "dim"),)
