"""The control plane panel of ECS: the cluster, its tasks and its capacity providers."""

from collections.abc import Iterator, Sequence

from eksview.domain.base.health import Health
from eksview.domain.base.plural import plural
from eksview.domain.base.text import Clean, cells, clean
from eksview.domain.ecs.service_status import cluster_health, provider_health
from eksview.domain.rows.ecs import CapacityProviderRow, EcsClusterRow
from eksview.domain.rows.kube import Kind
from eksview.store.selectors.ecs_cluster import shown_cluster, unread_tables
from eksview.ui.base.lines.panel import Panel
from eksview.ui.base.view import View
from eksview.ui.text.layout import fold
from eksview.ui.text.styled_text import Spans, whole_parts, width_of

GAP = "  "
PROVIDERS_SHOWN = 6
WIDE = 100
"""Cells from which on the border has room for more than the endpoint."""
_TABLES = (Kind.ECS_CLUSTER, Kind.ECS_SERVICE, Kind.ECS_PROVIDER)


class EcsControlPlane(Panel, can_focus=False):
    """What ECS reports of a cluster: AWS runs all of its control plane."""

    def __init__(self, view: View) -> None:
        super().__init__(view, id="ecs-control-plane")
        self._cluster: EcsClusterRow | None = None
        self._now = 0.0
        self._low = False

    def sync(self, now: float) -> None:
        """Take the cluster that is shown and paint what differs."""
        self._cluster, self._now = shown_cluster(self.view.store, self.view.ecs_cluster), now
        broken = self._cluster is not None and cluster_health(self._cluster)[0] is Health.BAD
        self.alarm = self.ink.palette.bad if broken else None
        self.paint()

    def height_for(self, width: int, *, low: bool) -> int:
        """Return the lines needed with the frame; on a `low` terminal providers have one line."""
        self._low = low
        return 2 + max(1, len(self._body(max(10, width - 4))))

    def title(self) -> Spans:
        dot = self.ink.glyphs.dot
        managed = (f" {dot} managed by AWS", self.ink.palette.dim)
        return [("Amazon ECS control plane", self.heading), managed]

    def top_right(self) -> Spans:
        if self._cluster is None:
            return []
        region = clean(self._cluster.arn.split(":")[3])
        others = self._others() if self.size.width >= WIDE else ""
        between = f" {self.ink.glyphs.dot} " if others else ""
        return [(f"{others}{between}ecs.{region}", self.ink.palette.dim)]

    def _others(self) -> str:
        """Return how many clusters are behind the key that lists them."""
        others = len(self.view.store.table(EcsClusterRow)) - 1
        keyed = self.view.keyed("{ecs.clusters}")
        return f"{plural(others, 'other cluster')} ({keyed})" if others > 0 else ""

    def lines(self) -> list[Spans]:
        width, height = self.inner
        return self._body(width)[:height]

    def _body(self, width: int) -> list[Spans]:
        palette = self.ink.palette
        lines: list[Spans] = []
        unread = unread_tables(self.view.store, self._now, *_TABLES)
        if self._cluster is None and not unread:
            others = len(self.view.store.table(EcsClusterRow))
            text = f"{plural(others, 'cluster')} in this region" if others else "no cluster shown"
            lines.append([(text, palette.dim)])
        if self._cluster is not None:
            lines += self._parts(self._cluster_parts(self._cluster), width)
            lines += self._providers(self._cluster, width)
        for text in unread:
            first, *rest = fold(text, width - 2)
            warn = palette.warn
            lines.append([(f"{self.ink.glyphs.warn} ", warn), (first, palette.text)])
            lines += [[(f"  {line}", palette.text)] for line in rest]
        return lines

    def _cluster_parts(self, row: EcsClusterRow) -> Iterator[Spans]:
        """Yield name, status and counts."""
        palette = self.ink.palette
        health, words = cluster_health(row)
        style = palette.state(health)
        status = palette.dim if health is Health.OK else style
        mark = (f"{self.ink.glyphs.mark(health)} ", style)
        yield [mark, (row.name, palette.strong), (f"  {words}", status)]
        yield [(plural(row.services, "service"), palette.text)]
        tasks = f"{plural(row.running, 'task')} running"
        yield [(tasks, palette.text)]
        yield [(f"{row.pending:,} pending", palette.warn if row.pending else palette.dim)]
        yield [(plural(row.instances, "container instance"), palette.text)]
        if row.insights:
            yield [(f"Container Insights {row.insights}", palette.dim)]
        if self.size.width < WIDE and (others := self._others()):
            yield [(others, palette.dim)]

    def _parts(self, parts: Iterator[Spans], width: int) -> list[Spans]:
        """Return parts in lines of at most `width` cells."""
        between = (f" {self.ink.glyphs.dot} ", self.ink.palette.faint)
        lines: list[Spans] = []
        for part in parts:
            if lines and width_of([*lines[-1], between, *part]) <= width:
                lines[-1] = [*lines[-1], between, *part]
            else:
                lines.append(part)
        return lines

    def _providers(self, cluster: EcsClusterRow, width: int) -> list[Spans]:
        """Return a line for each capacity provider of the cluster, with its group and scaling."""
        table = self.view.store.table(CapacityProviderRow)
        rows = [table[name] for name in cluster.providers if name in table]
        rows.sort(key=lambda row: (not row.group, row.name))
        if self._low and rows:
            return [self._brief(rows, width)]
        shown = rows[:PROVIDERS_SHOWN]
        column = max((cells(row.name) for row in shown), default=0)
        default = {text.split()[0]: text for text in cluster.strategy if text}
        lines = [self._provider(row, column, default.get(row.name, ""), width) for row in shown]
        if more := len(rows) - len(shown):
            words = f"{GAP}{plural(more, 'more capacity provider')}"
            lines.append([(words, self.ink.palette.dim)])
        return lines

    def _brief(self, rows: Sequence[CapacityProviderRow], width: int) -> Spans:
        """Return mark and name of each capacity provider."""
        spans: Spans = []
        for row in rows:
            health, words = provider_health(row)
            style = self.ink.palette.state(health)
            spans.append((f"{GAP if spans else ''}{self.ink.glyphs.mark(health)} ", style))
            word = f" {words}" if health is not Health.OK else ""
            spans.append((f"{row.name}{word}", self.ink.palette.text))
        return whole_parts(spans, width)

    def _provider(self, row: CapacityProviderRow, column: int, strategy: str, width: int) -> Spans:
        palette = self.ink.palette
        health, words = provider_health(row)
        style = palette.state(health)
        name = f"{row.name}{' ' * (column - cells(row.name))}"
        head: Spans = [(f"{GAP}{self.ink.glyphs.mark(health)} ", style), (name, palette.text)]
        if health is not Health.OK:
            head.append((f"{GAP}{words}", style))
        parts = _provider_facts(row, strategy)
        for part in parts:
            head += [(GAP, palette.dim), (part, palette.dim)]
        return whole_parts(head, width)


def _provider_facts(row: CapacityProviderRow, strategy: str) -> Sequence[Clean]:
    """Return the Auto Scaling group, how it is scaled, and its part of the default strategy."""
    facts: list[str] = []
    if row.group:
        facts.append(f"Auto Scaling group {row.group}")
        scaled = {"ENABLED": "on", "DISABLED": "off"}
        target = f", target {row.target}%" if row.target is not None else ""
        scaling = scaled.get(row.scaling, row.scaling.lower()) or "unknown"
        facts.append(f"managed scaling {scaling}{target if scaling == 'on' else ''}")
    elif row.name.startswith("FARGATE"):
        facts.append("serverless: AWS runs the machines")
    if strategy:
        rest = strategy.partition(" ")[2]
        facts.append(f"default strategy{f': {rest}' if rest else ''}")
    if row.group and row.draining:
        facts.append(f"managed draining {scaled.get(row.draining, row.draining.lower())}")
    if row.group and row.protection:
        facts.append(f"termination protection {scaled.get(row.protection, row.protection.lower())}")
    return [clean(fact) for fact in facts]
