"""Texts in the border of the workers panel."""

import itertools
import re

import pytest

from eksview.domain.base.health import TROUBLE, Health
from eksview.domain.rows.link import Link, Phase
from eksview.store.store import Store
from eksview.ui.home.node_states import NodeStates
from eksview.ui.home.workers_border import legend_words, usage_words
from eksview.ui.text.glyphs import UNICODE
from eksview.ui.text.palette import NIGHT, palette
from eksview.ui.text.styled_text import Ink
from eksview.ui.workers.border import hidden_words, state_words
from eksview.ui.workers.layout import WorkersPlan, Zoom, arrange, blocks
from eksview.ui.workers.worker import Scene
from tests.ui.harness import NOW as HARNESS_NOW
from tests.ui.harness import populate

NOW = 1_800_000_000.0
INK = Ink(palette(NIGHT), UNICODE)


def link(phase: Phase, heard: float | None = None) -> Link:
    return Link("usage", phase, NOW - 600, heard=heard)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (None, (False, "")),
        (link(Phase.CONNECTING), (False, "")),
        (link(Phase.OFF), (False, "usage unknown: no metrics API")),
        (link(Phase.REFUSED), (False, "usage denied by RBAC")),
        (link(Phase.RETRYING), (False, "usage can't be read")),
        (link(Phase.LIVE, NOW - 14), (True, "read 0s ago")),
        (link(Phase.LIVE, NOW - 29), (True, "read 15s ago")),
        (link(Phase.RETRYING, NOW - 100), (True, "read 90s ago")),
        (link(Phase.RETRYING, NOW - 120), (False, "usage can't be read")),
    ],
)
def test_usage_is_dated_or_its_absence_explained(
    given: Link | None, words: tuple[bool, str]
) -> None:
    assert usage_words(given, NOW) == words


@pytest.mark.parametrize(
    ("zoom", "measured", "usage", "output"),
    [
        (Zoom.CARDS, True, "read 15s ago", "█ used ▒ requested of allocatable · read 15s ago"),
        (Zoom.CARDS, False, "", "cpu, memory: requested of allocatable"),
        (Zoom.CARDS, False, "no", "cpu, memory: requested of allocatable · no"),
        (Zoom.CHIPS, True, "", "cpu, memory: used and requested · pods/max · age"),
        (Zoom.CHIPS, False, "", "cpu, memory: requested · pods/max · age"),
    ],
)
def test_the_legend_names_what_is_drawn(
    zoom: Zoom, measured: bool, usage: str, output: str
) -> None:
    scene = Scene(NOW, False, True, True, "", "", measured, usage)
    assert "".join(text for text, _ in legend_words(WorkersPlan(zoom), scene, INK)) == output


@pytest.mark.parametrize("zoom", list(Zoom))
@pytest.mark.parametrize(("top", "height"), [(0, 8), (4, 7), (9, 3), (0, 500)])
def test_what_is_out_of_sight_is_counted_as_a_walk_over_all_would(
    zoom: Zoom, top: int, height: int
) -> None:
    store = populate(Store(), nodes=30)
    states = NodeStates(store)
    states.check_heartbeats(NOW)
    states.update(store.nodes, HARNESS_NOW)
    plan = arrange(blocks(states.workers), 60, zoom)
    last = max(top - 1, top + height - plan.form.height)
    output = "".join(text for text, _ in hidden_words(plan, states, top, height, INK))
    hidden = {
        UNICODE.up: [name for name, at in plan.places.items() if at.line < top],
        UNICODE.down: [name for name, at in plan.places.items() if at.line > last],
    }
    for mark, names in hidden.items():
        assert (f"{mark} {len(names)} more" in output) is bool(names)
    healths = [states.workers[name].health for names in hidden.values() for name in names]
    for health in TROUBLE:
        counts = re.findall(f"{re.escape(UNICODE.mark(health))} (\\d+)", output)
        assert sum(map(int, counts)) == healths.count(health)


@pytest.mark.parametrize("words", itertools.permutations(["DiskPressure", "Late", "PIDPressure"]))
def test_equal_counts_are_in_the_order_of_their_words(words: tuple[str, ...]) -> None:
    state_counts = [((Health.WARN, word), 1) for word in words]
    shown = "".join(
        text for text, _ in state_words([*state_counts, ((Health.OK, "Ready"), 1)], 200, INK)
    )
    assert re.findall(r"1 (\w+)", shown) == ["DiskPressure", "Late", "PIDPressure", "Ready"]


@pytest.mark.parametrize("width", range(120))
def test_a_state_is_named_in_full_or_left_to_the_ellipsis(width: int) -> None:
    counts = [
        ((Health.OK, "Ready"), 40),
        ((Health.BAD, "NotReady"), 2),
        ((Health.WARN, "DiskPressure"), 3),
        ((Health.WARN, "Cordoned"), 4),
        ((Health.UNKNOWN, "instances joining"), 5),
    ]
    shown = "".join(text for text, _ in state_words(counts, width, INK))
    assert len(shown) <= width
    assert not re.search(r"[●✖▲○] *$", shown)
    if shown:
        named = sum(f"{number} {word}" in shown for (_, word), number in counts)
        assert shown.endswith("  …") is (named < len(counts))
    assert bool(shown) is (width >= len("  ✖ 2 NotReady  …"))
    assert not shown or shown.startswith("  ✖ 2 NotReady")


def test_no_healthy_count_takes_the_room_of_a_failed_join() -> None:
    """Title of a cluster without nodes that has a warm pool, at 80 columns."""
    counts = [
        ((Health.OK, "instances in warm pool"), 2),
        ((Health.UNKNOWN, "instance joining"), 1),
        ((Health.BAD, "instances failed to join"), 3),
    ]
    shown = "".join(text for text, _ in state_words(counts, 42, INK))
    assert shown == "  ✖ 3 instances failed to join  …"
