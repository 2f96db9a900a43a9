"""The screen of a nodegroup or Auto Scaling group."""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from eksview.domain.aws.poll_plan import AUTOSCALING, EKS
from eksview.domain.base.age import human_duration
from eksview.domain.base.health import Health
from eksview.domain.base.reading import Read, why_unread
from eksview.domain.base.text import clean, fit
from eksview.domain.join.nodegroups import GroupRow, group_health, group_status_health
from eksview.domain.rows.aws import Activity, UpdateRow
from eksview.domain.tables.nodegroup_columns import status_of
from eksview.store.selectors.nodegroups import PARTS, ROWS, nodegroup_rows
from eksview.store.selectors.readings import unread_parts
from eksview.ui.base.lines.tab_line import Tab
from eksview.ui.base.messages import OpenGroup
from eksview.ui.base.tabbed_screen import PagesScreen
from eksview.ui.base.view import View
from eksview.ui.text.glyphs import Glyphs
from eksview.ui.text.layout import fold
from eksview.ui.text.priority_line import Slot
from eksview.ui.text.sections import Figure, figures, issue_lines, marked, since
from eksview.ui.text.unread import parts_lines
from eksview.ui.text.words import TONE_OF, Words, faded, tone_of

_DONE = {"Successful": Health.OK, "Failed": Health.BAD, "Cancelled": Health.WARN}


def group_lines(row: GroupRow, now: float, width: int, glyphs: Glyphs) -> Iterator[Words]:
    """Yield issues first, then sizes, the update and the latest scaling activities."""
    yield from issue_lines(row.issues, width, glyphs)
    yield from figures("Group", _group(row, now, glyphs), width)
    yield from figures("Nodes", _nodes(row, glyphs), width)
    if row.update is not None:
        yield from _update(row.update, now, width, glyphs)
    yield (("Scaling activities", "strong"), ("  latest first", "faint"))
    if not row.activities:
        yield (("  not read" if row.activities is None else "  none reported", "dim"),)
    for activity in row.activities or ():
        yield from _activity(activity, now, width, glyphs)
    yield ()


def _group(row: GroupRow, now: float, glyphs: Glyphs) -> Iterator[Figure]:
    yield "Name", row.name, "strong"
    yield "Type", row.type, "text"
    yield marked("Status", group_status_health(row.status), clean(status_of(row)), glyphs)
    yield "Created", since(now, row.created), "text"
    release = f", release {row.release}" if row.release else ""
    yield "Version", f"{row.version}{release}" if row.version else "", "text"
    yield "Capacity", row.capacity, "text"
    yield "Types", clean(", ".join(row.types)), "text"
    yield "Launch template", row.template, "text"
    yield "Auto Scaling", clean(", ".join(row.autoscaling)), "text"
    if row.suspended:
        yield marked("Suspended", Health.WARN, clean(", ".join(row.suspended)), glyphs)


def _nodes(row: GroupRow, glyphs: Glyphs) -> Iterator[Figure]:
    yield "Desired", f"{row.desired} (min {row.least}, max {row.most})", "text"
    if row.actual is None:
        yield marked("Instances", Health.UNKNOWN, "unknown", glyphs)
    else:
        yield _counted("Instances", row.actual, f"{row.actual}", row, glyphs)
    yield _counted("Nodes", row.ready, f"{row.joined}, {row.ready} Ready", row, glyphs)
    if row.warm is None:
        return
    if isinstance(row.warm, Read):
        yield "Warm pool", f"{row.warm.value} ({row.pool})", "text"
    else:
        unread = f"unknown ({row.pool}). {why_unread(row.warm)}".rstrip()
        yield marked("Warm pool", Health.UNKNOWN, unread, glyphs)


def _counted(label: str, count: int, text: str, row: GroupRow, glyphs: Glyphs) -> Figure:
    """Return a count with the mark of a warning where fewer are there than desired."""
    return (
        marked(label, Health.WARN, text, glyphs) if count < row.desired else (label, text, "text")
    )


def _update(update: UpdateRow, now: float, width: int, glyphs: Glyphs) -> Iterator[Words]:
    health = _DONE.get(update.status, Health.WARN)
    text = f"{update.type} {update.status}"
    rows = [marked("Update", health, text, glyphs), ("Started", since(now, update.started), "text")]
    rows += [(name, value, "text") for name, value in update.parameters]
    yield from figures("Update", rows, width)
    yield from issue_lines(update.errors, width, glyphs)


def _activity(activity: Activity, now: float, width: int, glyphs: Glyphs) -> Iterator[Words]:
    """Yield status, time and description, with the long cause unless the activity succeeded."""
    health = _DONE.get(activity.status, Health.UNKNOWN)
    tone = tone_of(health)
    started = activity.started
    ago = "" if started is None else f"{human_duration(max(0.0, now - started))} ago"
    first, *rest = fold(activity.description, width - 28)
    yield (
        (f"  {glyphs.mark(health)} ", TONE_OF[health]),
        (fit(activity.status, 12, more=glyphs.more), tone),
        (fit(ago, 12), "dim"),
        (first, "text"),
    )
    reasons = (activity.message, activity.cause) if health is not Health.OK else ()
    folded = (line for text in reasons if text for line in fold(text, width - 28))
    for line in (*rest, *folded):
        yield ((f"{' ' * 28}{line}", tone),)


DETAILS = Tab("details", "d", "Details")
PERIOD = 5.0
"""Seconds between two readings of the store, each of which goes over all instances."""


class NodegroupScreen(PagesScreen):
    """A screen of a group that is read from the store alone."""

    TITLE = "Nodegroup"
    LINKS = (EKS, AUTOSCALING)
    TABS = (DETAILS,)
    SOURCES: ClassVar[Mapping[str, tuple[str, ...]]] = {DETAILS.id: LINKS}

    def __init__(self, view: View, key: str) -> None:
        super().__init__(view)
        self._key = key
        self._row: GroupRow | None = None
        self._read_at = float("-inf")

    def attend(self) -> None:
        if abs(self.now - self._read_at) >= PERIOD:
            self._read_at = self.now
            rows = (
                row for row in nodegroup_rows(self.view.store, self.now) if row.key == self._key
            )
            self._row = next(rows, None)

    def subject(self) -> OpenGroup:
        return OpenGroup(self._key)

    @property
    def crumb(self) -> str:
        return self.copied()

    def copied(self) -> str:
        return clean(OpenGroup(self._key).name)

    def head(self) -> Sequence[Slot]:
        row, glyphs = self._row, self.view.glyphs
        if row is None:
            return (Slot(((f" {glyphs.unknown} ", "unknown"), (self.copied(), "strong"))),)
        health = group_health(row)
        name: Words = ((f" {glyphs.mark(health)} ", TONE_OF[health]), (row.name, "strong"))
        status: Words = ((clean(status_of(row)), TONE_OF[health]),)
        if self.stale_for(self.tab) is not None:
            name, status = faded(name, glyphs), faded(status, glyphs)
        return Slot(name), Slot(status, folds=True)

    def lines(self, tab: str, width: int) -> Iterator[Words]:  # noqa: ARG002 - there is one
        store, now, glyphs = self.view.store, self.now, self.view.glyphs
        yield from parts_lines(unread_parts(store, PARTS, now), width, glyphs)
        if self._row is not None:
            yield from group_lines(self._row, now, width, glyphs)
        elif not unread_parts(store, ROWS, now):
            yield (("No longer listed by EKS or Auto Scaling.", "dim"),)
