"""The panel between control plane and workers: the agents' connections, and the polls of ECS."""

from eksview.domain.aws.poll_plan import ECS_PLANS
from eksview.domain.base.health import Health
from eksview.domain.base.reading import NotAsked, Read, value_of
from eksview.domain.base.text import clean
from eksview.domain.rows.aws import Call
from eksview.domain.rows.kube import Kind
from eksview.store.selectors.readings import part_reading
from eksview.ui.base.lines.text_line import WordLines
from eksview.ui.base.view import View
from eksview.ui.ecs.members import EcsMembers
from eksview.ui.text.aws_links import link_age, link_health, plan_lines
from eksview.ui.text.words import TONE_OF, Tone, Words

INDENT = "  "


class EcsLinks(WordLines):
    """A line of the agents, and a line for each link that reads ECS."""

    def __init__(self, view: View, members: EcsMembers) -> None:
        super().__init__(view, id="ecs-links")
        self._members = members
        self._now = 0.0

    def sync(self, now: float) -> None:
        self._now = now
        self.paint()

    def needed(self, width: int) -> int:
        """Return the lines that show everything."""
        return 1 + len(self._polls(width))

    def window(self, width: int, height: int) -> list[Words]:
        """Return the agents and the polls, in one line where there is no room for more."""
        if height == 1:
            return [(*self._agents(brief=True), *self._brief())]
        return [self._agents(), *self._polls(width)][:height]

    def _brief(self) -> Words:
        """Return the mark, the name and the age of each poll."""
        store, words = self.view.store, list[tuple[str, Tone]]()
        for name in ECS_PLANS:
            link, call = store.links.get(name), value_of(store.facts.call(name))
            health = link_health(link, call, self._now)
            words.append((f"  {self.view.glyphs.mark(health)} ", TONE_OF[health]))
            brief = name.removeprefix("ecs-")
            words.append((f"{brief} {link_age(link, self._now)}", "dim"))
        return tuple(words)

    def _agents(self, *, brief: bool = False) -> Words:
        """Return `● agents  5 of 6 connected to ECS`, and what that means."""
        rows = [pair.instance for pair in self._members.pairs.values() if pair.instance]
        up, glyphs = sum(row.connected for row in rows), self.view.glyphs
        if not rows:
            none = f"agents  {self._none()}"
            return ((f"{INDENT}{glyphs.unknown} ", "unknown"), (none, "dim"))
        health = Health.OK if up == len(rows) else Health.WARN
        tone: Tone = "text" if up == len(rows) else "warn"
        head: Words = (
            (f"{INDENT}{glyphs.mark(health)} ", TONE_OF[health]),
            ("agents ", "text"),
            (f" {up:,} of {len(rows):,} connected", tone),
        )
        if brief:
            return head
        return (
            *head,
            (" to ECS", tone),
            ("  each keeps a WebSocket open, over which ECS sends it tasks", "faint"),
        )

    def _none(self) -> str:
        """Return why no agent is counted."""
        match part_reading(self.view.store, Kind.ECS_INSTANCE.part):
            case Read():
                return "none registered"
            case NotAsked():
                return "loading"
        return "not read"

    def _polls(self, width: int) -> list[Words]:
        store, glyphs = self.view.store, self.view.glyphs
        calls: dict[str, Call] = {
            name: call for name in ECS_PLANS if (call := value_of(store.facts.call(name)))
        }
        lines = plan_lines(
            ECS_PLANS.values(), store.links, calls, self._now, width - len(INDENT), glyphs
        )
        return [((clean(INDENT), "text"), *words) for words in lines]
