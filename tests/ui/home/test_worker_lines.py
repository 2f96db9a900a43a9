"""What a worker's picture depends on, and which lines are drawn again when something changes."""

import msgspec
import pytest

from eksview.domain.kube.node_labels import NodeGroup
from eksview.domain.rows.kube import Kind, NodeRow, UsageRow
from eksview.domain.rows.link import Link, Phase
from eksview.store.store import Store
from eksview.ui.home.node_states import NodeStates
from eksview.ui.home.worker_state import load_of, short_worker_name
from eksview.ui.text.glyphs import UNICODE
from eksview.ui.text.palette import NIGHT, palette
from eksview.ui.text.styled_text import Ink
from eksview.ui.workers.layout import Block, Zoom, arrange, blocks
from eksview.ui.workers.worker import Gauge, Scene, beat_words
from eksview.ui.workers.worker_lines import WorkerLines
from tests.ui.harness import DISK_PRESSURE, GIB, NOT_READY, NOW, node, node_name, pod, populate

PALETTE = palette(NIGHT)
INK = Ink(PALETTE, UNICODE)
SCENE = Scene(now=NOW, stale=False, counted=True, fine=True, server="v1.33.4", chosen="")
FIRST, SECOND = node_name(0), node_name(1)


def scene(**fields: object) -> Scene:
    return msgspec.structs.replace(SCENE, **fields)


def states_of(store: Store) -> NodeStates:
    states = NodeStates(store)
    states.check_heartbeats(NOW)
    states.update(store.nodes, NOW)
    return states


@pytest.fixture
def store():
    return populate(Store())


# the look


def test_the_name_of_a_fargate_node_leaves_out_what_its_group_says(store):
    domain = ".us-west-2.compute.internal"
    assert short_worker_name(f"fargate-ip-10-0-1-47{domain}", store) == "ip-10-0-1-47"


@pytest.mark.parametrize(
    ("seconds", "fine", "words"),
    [
        (None, True, "-"),
        (3.9, True, "3s"),
        (94, True, "94s"),
        (3.9, False, "<10s"),
        (15, False, "<20s"),
        (39, False, "<40s"),
        (94, False, "94s"),
        (None, False, "-"),
    ],
)
def test_a_heartbeat_ticks_only_where_there_are_few(seconds, fine, words):
    assert beat_words(seconds, fine=fine) == words


@pytest.mark.parametrize(
    ("cpu", "memory", "share", "high"),
    [
        (0, 0, 0.0, False),
        (965, 0, 0.5, False),
        (965, 6 * GIB, 6 / 7, False),
        (965, 7 * GIB, 1.0, True),
        (3860, 0, 2.0, True),
    ],
)
def test_the_load_is_the_usage_of_the_scarcer(store, cpu, memory, share, high):
    store.put(Kind.USAGE, UsageRow(FIRST, NOW - 20, cpu, memory))
    load = load_of(node(0), store, scene(measured=True))
    assert (load.share, load.high) == (pytest.approx(share), high)


@pytest.mark.parametrize(
    ("pods", "share", "high"), [(0, 0.0, False), (19, 1900 / 1930, False), (20, 2000 / 1930, True)]
)
def test_the_load_is_what_pods_request_where_usage_is_unknown(pods, share, high):
    store = Store()
    for number in range(pods):
        store.put(Kind.POD, msgspec.structs.replace(pod(number, FIRST), counted=True))
    load = load_of(node(0), store, SCENE)
    assert (load.share, load.high) == (pytest.approx(share), high)


def test_a_node_without_allocatable_has_no_load(store):
    none = msgspec.structs.replace(node(0).allocatable, cpu=0, memory=0)
    assert load_of(msgspec.structs.replace(node(0), allocatable=none), store, SCENE).share == 0.0


def test_a_look_has_what_the_node_its_lease_and_its_pods_say(store):
    look = states_of(store).worker_at(FIRST, SCENE)
    assert (look.name, look.place, look.word) == ("ip-10-0-1-17", "2a", "Ready")
    assert (look.cpu, look.pods) == (Gauge(700, 1930), "7/58")
    assert (look.version, look.kind, look.spot) == ("v1.33.1", "m6i.large", True)
    assert look.instance == "i-0000000000abc0000"
    assert (look.beat, look.age) == ("1s", "24h")


def test_what_is_used_is_shown_while_its_reading_is_fresh(store):
    states = states_of(store)
    store.put(Kind.USAGE, UsageRow(FIRST, NOW - 20, 500, 2**30))
    assert states.worker_at(FIRST, SCENE).cpu == Gauge(700, 1930, 500)
    assert states.worker_at(FIRST, scene(counted=False)).cpu == Gauge(None, 1930, 500)
    assert states.worker_at(FIRST, scene(now=NOW + 200)).cpu.used is None
    assert states.worker_at(SECOND, SCENE).cpu.used is None


def test_pods_that_cant_be_read_are_not_called_none(store):
    look = states_of(store).worker_at(FIRST, scene(counted=False))
    assert look.pods == "?/58"
    assert (look.cpu.shown, look.memory.shown) == (None, None)


def test_an_older_kubelet_is_counted_against_the_server(store):
    states = states_of(store)
    assert states.worker_at(node_name(DISK_PRESSURE), SCENE).behind == 1
    assert states.worker_at(FIRST, SCENE).behind == 0
    assert states.worker_at(FIRST, scene(server="")).behind == 0


def test_a_node_that_left_while_home_was_hidden_still_has_a_look(store):
    states = states_of(store)
    store.drop(Kind.NODE, store.nodes[FIRST])
    assert states.worker_at(FIRST, SCENE).name == "ip-10-0-1-17"


# the lines


def lines_of(store: Store, zoom: Zoom, states: NodeStates | None = None) -> WorkerLines:
    states = states or states_of(store)
    lines = WorkerLines(states)
    groups = blocks(states.workers)
    lines.replan(groups, arrange(groups, 156, zoom))
    return lines


def drawn(lines: WorkerLines, seen: Scene = SCENE) -> list[str]:
    return [
        "".join(text for text, _ in lines.line(at, seen, INK))
        for at in range(len(lines.plan.lines))
    ]


def differing(lines: WorkerLines, names: set[str], seen: Scene = SCENE) -> list[int]:
    """The lines drawn anew by a refresh of these nodes."""
    every = range(len(lines.plan.lines))
    before = [lines.line(at, seen, INK) for at in every]
    lines.refresh(names, seen, INK)
    return [at for at in every if lines.line(at, seen, INK) is not before[at]]


@pytest.mark.parametrize("zoom", Zoom)
def test_every_node_is_drawn_and_counted_in_its_groups_heading(store, zoom):
    output = "\n".join(drawn(lines_of(store, zoom)))
    assert "ng-general   4/4 Ready" in output
    assert "ng-spot   1/2 Ready" in output
    if zoom >= Zoom.CHIPS:
        assert all(short_worker_name(name, store) in output for name in store.nodes)


@pytest.mark.parametrize("zoom", Zoom)
def test_what_hasnt_changed_isnt_drawn_again(store, zoom):
    lines = lines_of(store, zoom)
    assert differing(lines, set(store.nodes)) == []


@pytest.mark.parametrize("zoom", [Zoom.CARDS, Zoom.CHIPS])
def test_a_pod_more_draws_its_node_only(store, zoom):
    lines = lines_of(store, zoom)
    drawn(lines)
    store.put(Kind.POD, pod(900, SECOND))
    place = lines.plan.places[SECOND]
    own = list(range(place.line, place.line + lines.plan.form.height))
    assert differing(lines, {SECOND}) == own


@pytest.mark.parametrize("zoom", [Zoom.CELLS, Zoom.DOTS])
def test_a_cell_is_drawn_again_when_its_height_differs_and_not_with_every_pod(store, zoom):
    lines = lines_of(store, zoom)
    drawn(lines)
    small = msgspec.structs.replace(pod(900, SECOND).requests, cpu=1, memory=1)
    store.put(Kind.POD, msgspec.structs.replace(pod(900, SECOND), requests=small))
    assert differing(lines, {SECOND}) == []
    large = msgspec.structs.replace(small, cpu=1000)
    store.put(Kind.POD, msgspec.structs.replace(pod(901, SECOND), requests=large))
    assert differing(lines, {SECOND}) == [lines.plan.places[SECOND].line]


@pytest.mark.parametrize("zoom", Zoom)
def test_a_node_that_falls_ill_changes_its_lines_and_its_heading(store, zoom):
    states = states_of(store)
    lines = lines_of(store, zoom, states)
    before = drawn(lines)
    sick = msgspec.structs.replace(
        node(1), conditions=node(NOT_READY).conditions, labels=store.nodes[SECOND].labels
    )
    store.put(Kind.NODE, sick)
    lines.redraw_headings(states.update([SECOND], NOW))
    lines.refresh({SECOND}, SCENE, INK)
    after = drawn(lines)
    assert "ng-general   3/4 Ready" in "\n".join(after)
    place = lines.plan.places[SECOND]
    assert UNICODE.bad in after[place.line + (zoom is Zoom.CARDS)]
    assert before != after


@pytest.mark.parametrize("zoom", Zoom)
def test_stale_lines_are_drawn_without_a_colour_of_a_state(store, zoom):
    lines = lines_of(store, zoom)
    seen = scene(stale=True)
    styles = {
        style for at in range(len(lines.plan.lines)) for _, style in lines.line(at, seen, INK)
    }
    assert not styles & {PALETTE.ok, PALETTE.bad}


@pytest.mark.parametrize("zoom", Zoom)
def test_the_cursor_is_drawn_where_it_is(store, zoom):
    lines = lines_of(store, zoom)
    plain = [list(lines.line(at, SCENE, INK)) for at in range(len(lines.plan.lines))]
    seen = scene(chosen=SECOND)
    lines.touch(SECOND)
    lines.refresh({SECOND}, seen, INK)
    marked = [list(lines.line(at, seen, INK)) for at in range(len(lines.plan.lines))]
    place = lines.plan.places[SECOND]
    changed = [
        at for at, (one, other) in enumerate(zip(plain, marked, strict=True)) if one != other
    ]
    assert changed
    assert set(changed) <= set(range(place.line, place.line + lines.plan.form.height))


def test_only_nodes_in_the_window_are_visible(store):
    lines = lines_of(store, Zoom.CHIPS)
    every = list(lines.plan.places)
    last = lines.plan.places[every[-1]].line
    assert list(lines.visible(0, 99)) == every
    assert every[-1] in lines.visible(last, 1)
    assert every[0] not in lines.visible(last, 1)
    assert list(lines.visible(last + 1, 9)) == []


@pytest.mark.parametrize(
    ("group", "alone", "output"),
    [
        (NodeGroup("none", ""), True, "nodes"),
        (NodeGroup("none", ""), False, "no group"),
        (NodeGroup("fargate", "fargate"), True, "Fargate"),
        (NodeGroup("hybrid", "hybrid"), True, "hybrid nodes"),
        (NodeGroup("nodegroup", "[b]x\x1b"), True, "[b]x\\x1b"),
    ],
)
def test_a_groups_name(store, group, alone, output):
    lines = WorkerLines(states_of(store))
    own = Block(group, (("us-west-2a", (FIRST,)),))
    groups = [own] if alone else [own, Block(NodeGroup("nodegroup", "ng"), (("", (SECOND,)),))]
    lines.replan(groups, arrange(groups, 156, Zoom.DOTS))
    assert drawn(lines)[0].startswith(f"{output} ")


def test_a_heading_names_zones_machines_and_spot(store):
    heading = next(line for line in drawn(lines_of(store, Zoom.DOTS)) if "ng-spot" in line)
    assert "2a 2" in heading
    assert "m6i.large · spot" in heading


def test_markup_in_names_is_only_text(store):
    row: NodeRow = msgspec.structs.replace(node(7), name="[bold]x\x1b[31m")
    store.put(Kind.NODE, row)
    output = "\n".join(drawn(lines_of(store, Zoom.CHIPS)))
    assert "[bold]x\\x1b" in output
    assert "\x1b" not in output


def test_leases_that_arent_live_show_no_heart(store):
    store.set_link(Link("leases", Phase.RETRYING, NOW, heard=NOW))
    output = "\n".join(drawn(lines_of(store, Zoom.CARDS)))
    assert "♥    -" in output
    assert "♥   1s" not in output
