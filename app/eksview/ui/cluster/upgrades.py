"""The lines that matter before an upgrade: add-ons, skew, updates and insights."""

from collections.abc import Iterable, Iterator

from eksview.domain.aws.cluster_health import insight_health, status_health
from eksview.domain.base.age import human_duration
from eksview.domain.base.health import WORST_FIRST, Health
from eksview.domain.base.reading import last_of, value_of
from eksview.domain.base.text import cells, clean, fit
from eksview.store.selectors.eks import EksSummary
from eksview.ui.cluster.cluster_text import support_figure
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.layout import fold
from eksview.ui.text.sections import figures
from eksview.ui.text.unread import unread_lines
from eksview.ui.text.words import TONE_OF, Words, tone_of

RECENT = 30 * 86_400.0  # seconds for which a completed update is shown
_UPDATES = {"Successful": Health.OK, "InProgress": Health.WARN, "Failed": Health.BAD}


def addon_lines(eks: EksSummary, width: int, glyphs: Glyphs) -> Iterator[Words]:
    addons = last_of(eks.addons) or ()
    yield from unread_lines("add-ons", eks.addons, eks.now, width, glyphs)
    if not addons:
        if value_of(eks.addons) is not None:
            yield (("The cluster has no EKS add-on.", "dim"),)
        return
    yield from unread_lines("newest versions", eks.newest, eks.now, width, glyphs)
    column = _column("NAME", (addon.name for addon in addons))
    status = _column("STATUS", (addon.status for addon in addons))
    version = _column("VERSION", (addon.version for addon in addons))
    head = fit("NAME", column) + fit("STATUS", status) + fit("VERSION", version)
    head += "NEWEST COMPATIBLE"
    yield ((f"  {head}", "dim"),)
    for addon in sorted(addons, key=lambda row: (not row.issues, row.name)):
        health = status_health(addon.status)
        health = Health.WARN if addon.issues and health is Health.OK else health
        behind = bool(addon.latest) and addon.latest != addon.version
        unknown = "none" if value_of(eks.newest) is not None else "not read"
        newest = addon.latest if behind else "up to date" if addon.latest else unknown
        yield (
            (f"{glyphs.mark(health)} ", TONE_OF[health]),
            (fit(addon.name, column), "text"),
            (fit(addon.status, status), tone_of(health)),
            (fit(addon.version, version), "text"),
            (f"{glyphs.up} {newest}" if behind else newest, "accent" if behind else "faint"),
        )
        for issue in addon.issues:
            for line in fold(clean(f"{issue.code}: {issue.message}"), width - 4):
                yield ((f"    {line}", TONE_OF[health]),)


def _column(title: str, texts: Iterable[str]) -> int:
    """Return the cells of a column as wide as its content, with the gap to the next one."""
    return max(cells(title), *map(cells, texts)) + 2


def upgrade_lines(eks: EksSummary, width: int, glyphs: Glyphs) -> Iterator[Words]:
    if eks.cluster is not None:
        support = support_figure(eks, eks.cluster, glyphs)
        version = f"{eks.cluster.version} {eks.cluster.platform}"
        yield from figures("Version", [("Now", version, "text"), support], width)
    if eks.skew:
        yield (("Version skew", "strong"),)
        for skew in eks.skew:
            for number, line in enumerate(fold(skew.sentence, width - 4)):
                mark = f"  {glyphs.mark(skew.health)} " if number == 0 else "    "
                yield ((mark, TONE_OF[skew.health]), (line, tone_of(skew.health)))
        yield ()
    yield from _updates(eks, width, glyphs)
    yield from _insights(eks, width, glyphs)


def _updates(eks: EksSummary, width: int, glyphs: Glyphs) -> Iterator[Words]:
    shown = [
        update
        for update in last_of(eks.updates) or ()
        if update.status == "InProgress" or eks.now - (update.started or 0.0) < RECENT
    ]
    yield (("Updates", "strong"), ("  in progress or started in the last 30 days", "faint"))
    yield from unread_lines("updates", eks.updates, eks.now, width, glyphs, indent=2)
    if not shown and value_of(eks.updates) is not None:
        yield (("  none", "dim"),)
    for update in sorted(shown, key=lambda row: -(row.started or 0.0)):
        health = _UPDATES.get(update.status, Health.UNKNOWN)
        ago = f"{human_duration(max(0.0, eks.now - update.started))} ago" if update.started else ""
        parameters = "  ".join(f"{key}={value}" for key, value in update.parameters)
        yield (
            (f"  {glyphs.mark(health)} ", TONE_OF[health]),
            (fit(update.status, 12), tone_of(health)),
            (fit(update.type, 24, more=glyphs.more), "text"),
            (fit(update.about or "cluster", 26, more=glyphs.more), "text"),
            (fit(ago, 10), "dim"),
            (parameters, "dim"),
        )
        for issue in update.errors:
            for line in fold(clean(f"{issue.code}: {issue.message}"), width - 6):
                yield ((f"      {line}", "bad"),)
    yield ()


def _insights(eks: EksSummary, width: int, glyphs: Glyphs) -> Iterator[Words]:
    insights = last_of(eks.insights) or ()
    yield (("Insights", "strong"),)
    yield from unread_lines("insights", eks.insights, eks.now, width, glyphs, indent=2)
    if not insights and value_of(eks.insights) is not None:
        yield (("  none", "dim"),)
    for row in sorted(
        insights, key=lambda row: (WORST_FIRST[insight_health(row.status)], row.name)
    ):
        health = insight_health(row.status)
        about = f"for {row.version}" if row.version else row.category
        yield (
            (f"  {glyphs.mark(health)} ", TONE_OF[health]),
            (row.name, tone_of(health)),
            (f"  {row.status}  {about}", "dim"),
        )
        if health is not Health.OK:
            for text in filter(None, (row.reason, row.recommendation)):
                for line in fold(text, width - 4):
                    yield ((f"    {line}", "dim"),)
