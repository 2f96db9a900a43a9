"""One worker as a card, a chip, a cell and in words."""

import itertools

import msgspec
import pytest

from eksview.domain.base.health import Health
from eksview.domain.kube.node_labels import NodeGroup
from eksview.ui.text.glyphs import ASCII, UNICODE
from eksview.ui.text.palette import NIGHT, palette, sparing
from eksview.ui.text.styled_text import Ink, width_of
from eksview.ui.workers.worker import Gauge, Load, Worker
from eksview.ui.workers.worker_text import card, cell, chip, cursor_cell, worker_line

PALETTE = palette(NIGHT)
INK, PLAIN = Ink(PALETTE, UNICODE), Ink(PALETTE, ASCII)
GIB = 1024**3

LOOK = Worker(
    name="ip-10-0-112-234",
    health=Health.OK,
    word="Ready",
    group=NodeGroup("nodegroup", "ng"),
    zone="us-west-2a",
    order="",
    cpu=Gauge(1200, 1930),
    memory=Gauge(3 * GIB, 7 * GIB),
    pods="12/58",
    version="v1.33.1",
    behind=0,
    kind="m6i.large",
    spot=False,
    instance="i-0abc123def4567890",
    machine="",
    machine_health=Health.UNKNOWN,
    beat="3s",
    beat_health=Health.OK,
    age="3d10h",
    stale=False,
    chosen=False,
)


def look(**fields):
    return msgspec.structs.replace(LOOK, **fields)


def text(spans):
    return "".join(each for each, _ in spans)


def style_of(spans, word):
    return next(style for words, style in spans if word in words)


LOOKS = {
    "well": LOOK,
    "down": look(health=Health.BAD, word="NotReady"),
    "unhealthy": look(health=Health.WARN, word="Late heartbeat", beat="44s"),
    "stale": look(stale=True),
    "stale and down": look(stale=True, health=Health.BAD, word="NotReady"),
    "chosen": look(chosen=True),
    "down and chosen": look(chosen=True, health=Health.BAD, word="NotReady"),
    "unhealthy and chosen": look(chosen=True, health=Health.WARN, word="Cordoned"),
    "behind": look(behind=2),
    "stopped": look(machine="stopped", machine_health=Health.BAD),
    "bare": look(
        zone="", kind="", instance="", beat="-", cpu=Gauge(0, 0), memory=Gauge(0, 0), pods="?/0"
    ),
    "uncounted": look(cpu=Gauge(None, 1930), memory=Gauge(None, 7 * GIB, GIB), pods="?/58"),
    "measured": look(cpu=Gauge(1200, 1930, 700), memory=Gauge(3 * GIB, 7 * GIB, 9 * GIB)),
    "spot": look(spot=True, machine="running", machine_health=Health.OK),
    "long": look(name="a-host-with-a-name-that-nobody-would-type-twice", word="x" * 80),
    "wide": look(name="日本語の名前をもつノード", zone="東京"),
}


@pytest.mark.parametrize("ink", [INK, PLAIN], ids=["unicode", "ascii"])
@pytest.mark.parametrize("shown", LOOKS.values(), ids=LOOKS)
@pytest.mark.parametrize("width", [37, 38, 45, 60])
def test_a_chip_is_as_wide_as_its_place(shown, width, ink):
    (line,) = chip(shown, width, ink)
    assert width_of(line) == width
    assert ink is INK or not shown.name.isascii() or text(line).isascii()


@pytest.mark.parametrize("ink", [INK, PLAIN], ids=["unicode", "ascii"])
@pytest.mark.parametrize("shown", LOOKS.values(), ids=LOOKS)
@pytest.mark.parametrize("width", [28, 33, 64])
def test_a_card_is_as_wide_and_as_high_as_its_place(shown, width, ink):
    lines = card(shown, width, ink)
    assert len(lines) == 6
    assert {width_of(line) for line in lines} == {width}


# chips


@pytest.mark.parametrize(
    ("pods", "age", "tail"),
    [
        ("10/234", "3d10h", " 10/234   3d"),
        ("12/58", "343d", "  12/58 343d"),
        ("110/110", "343d", "110/110 343d"),
        ("110/110", "119s", "110/110 119s"),
        ("110/110", "2y100d", "110/110   2y"),
        ("12/58", "7h2m", "  12/58   7h"),
        ("12/58", "<unknown>", "  12/58    ?"),
        ("?/58", "25m", "   ?/58  25m"),
    ],
)
@pytest.mark.parametrize("width", [37, 48, 60])
def test_pods_and_age_are_apart_however_wide_they_are(pods, age, tail, width):
    (line,) = chip(look(pods=pods, age=age), width, INK)
    assert text(line).endswith(tail)


def test_where_both_cant_stand_the_pods_there_are_come_before_the_pods_there_may_be():
    assert text(chip(look(pods="1000/1000"), 37, INK)[0]).endswith("  1000   3d")
    assert text(chip(look(pods="1000/1000"), 60, INK)[0]).endswith("1000/1000   3d")


@pytest.mark.parametrize(
    ("fields", "tail"),
    [
        ({"stale": True}, "10/234 stale"),
        ({"stale": True, "pods": "110/110"}, " 110 stale"),
        ({"machine": "stopped", "machine_health": Health.BAD}, "10/234 stopped"),
        ({"machine": "running", "machine_health": Health.OK}, " 10/234   3d"),
    ],
)
def test_what_one_must_know_stands_in_the_ages_place(fields, tail):
    (line,) = chip(look(**{"pods": "10/234", **fields}), 37, INK)
    assert text(line).endswith(tail)


def test_a_chip_in_trouble_says_what_instead_of_bars():
    (line,) = chip(LOOKS["unhealthy"], 37, INK)
    assert "Late heartbeat   3d" in text(line)
    assert "█" not in text(line)
    assert style_of(line, "Late") == PALETTE.warn
    (line,) = chip(look(health=Health.WARN, word="Late heartbeat", stale=True), 37, INK)
    assert text(line).endswith("Late heartbe… stale")


def test_a_name_of_ec2_fits_into_the_narrowest_chip():
    assert " ip-10-0-112-234 " in text(chip(LOOK, 37, INK)[0])


# cards


def test_a_card_shows_state_heartbeat_bars_pods_version_and_instance():
    lines = [text(line) for line in card(look(behind=1), 40, INK)]
    assert "ip-10-0-112-234" in lines[0]
    assert " 2a " in lines[0]
    assert "● Ready" in lines[1]
    assert "♥   3s" in lines[1]
    assert lines[2].startswith("│ cpu ")
    assert "62%" in lines[2]
    assert "42%" in lines[3]
    assert "pods 12/58" in lines[4]
    assert "v1.33.1 ⇣1" in lines[4]
    assert "m6i.large" in lines[5]
    assert "i-0abc" in lines[5]


@pytest.mark.parametrize(
    ("width", "fields", "edge"),
    [
        (36, {"machine": "running", "machine_health": Health.OK}, "─── i-0abc… running ─╯"),
        (28, {"machine": "running", "machine_health": Health.OK}, "m6i.large ──── i-0abc… ─╯"),
        (28, {"machine": "stopped", "machine_health": Health.BAD}, "m6i.large ──── stopped ─╯"),
    ],
)
def test_in_a_narrow_card_the_id_comes_before_running_and_stopped_before_the_id(
    width, fields, edge
):
    assert text(card(look(**fields), width, INK)[5]).endswith(edge)


@pytest.mark.parametrize("state", ["stopped", "terminated", "shutting-down", "missing"])
def test_a_chip_names_the_state_of_a_lost_instance_in_full(state):
    lost = look(machine=state, machine_health=Health.BAD, pods="10/234")
    assert text(chip(lost, 37, INK)[0]).endswith(f"10/234 {state}")


@pytest.mark.parametrize(
    ("name", "part", "style"),
    [
        ("well", "╭", "border"),
        ("down", "╭", "bad"),
        ("unhealthy", "╭", "warn"),
        ("stale and down", "╭", "border"),
        ("chosen", "┏", "focus"),
        ("down and chosen", "┏", "bad"),
        ("unhealthy and chosen", "┏", "warn"),
    ],
)
def test_the_frame_shows_trouble_and_the_cursor(name, part, style):
    assert style_of(card(LOOKS[name], 40, INK)[0], part) == getattr(PALETTE, style)


def test_a_stale_card_makes_no_claim():
    lines = card(LOOKS["stale and down"], 40, INK)
    output = "\n".join(text(line) for line in lines)
    assert "stale" in output
    assert "♥" not in output
    assert "✖" not in output
    styles = {style for line in lines for _, style in line}
    assert PALETTE.ok not in styles
    assert PALETTE.bad not in styles


def test_what_isnt_known_is_a_question_and_not_zero():
    output = "\n".join(text(line) for line in card(LOOKS["bare"], 40, INK))
    assert output.count("?") == 3  # cpu, memory, pods
    assert "♥    -" in output


# cells


@pytest.mark.parametrize(
    ("share", "drawn"), [(0.0, "▁"), (0.5, "▅"), (0.99, "█"), (1.0, "█"), (4.0, "█")]
)
@pytest.mark.parametrize(("high", "style"), [(False, PALETTE.ok), (True, PALETTE.warn)])
def test_a_well_cell_is_as_high_as_the_load_and_in_its_color(share, drawn, high, style):
    assert cell(Health.OK, Load(share, high), 1, stale=False, ink=INK) == (drawn, style)


SPARING = [sparing(PALETTE, colors=colors) for colors in (True, False)]


@pytest.mark.parametrize("palette_shown", [PALETTE, *SPARING])
@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
@pytest.mark.parametrize("health", Health)
def test_the_cursor_of_the_map_looks_like_no_other_cell(palette_shown, glyphs, health):
    ink = Ink(palette_shown, glyphs)
    shown, style = cursor_cell(health, 3, ink)
    assert shown.strip() == glyphs.mark(health)
    assert style.reverse
    for state, stale, tenth in itertools.product(Health, (True, False), range(12)):
        _, beside = cell(state, Load(tenth / 10, tenth > 9), 3, stale=stale, ink=ink)
        assert not beside.reverse


@pytest.mark.parametrize(
    ("health", "drawn"), [(Health.BAD, "✖"), (Health.WARN, "▲"), (Health.UNKNOWN, "○")]
)
def test_an_unwell_cell_is_its_mark_whatever_the_load(health, drawn):
    load = Load(0.9, True)
    assert cell(health, load, 1, stale=False, ink=INK) == (drawn, PALETTE.state(health))
    assert cell(health, load, 3, stale=False, ink=INK)[0] == f" {drawn} "


@pytest.mark.parametrize("health", Health)
def test_a_stale_cell_has_no_colour_of_a_state(health):
    _, style = cell(health, Load(0.9, True), 1, stale=True, ink=INK)
    assert style in (PALETTE.dim, PALETTE.faint)


# in words


def test_spelled_out_the_most_telling_comes_first():
    output = text(worker_line(look(machine="running"), INK))
    order = ["Ready", "ip-10-0-112-234", "cpu", "mem", "pods 12/58", "♥", "2a", "v1.33.1",
             "m6i.large", "i-0abc123def4567890", "running", "age 3d10h"]  # fmt: skip
    at = [output.index(word) for word in order]
    assert at == sorted(at)


@pytest.mark.parametrize(
    ("gauge", "drawn", "words"),
    [
        (Gauge(1000, 2000), "▒▒▒▒▒░░░░░  50%", "cpu  50%"),
        (Gauge(1000, 2000, 600), "███▒▒░░░░░  30%", "cpu  30% of 50%"),
        (Gauge(200, 2000, 1600), "████████░░  80%", "cpu  80% of 10%"),
        (Gauge(2200, 2000, 1), "█▒▒▒▒▒▒▒▒▒   0%", "cpu   0% of110%"),
        (Gauge(None, 2000, 600), "███░░░░░░░  30%", "cpu  30% of   ?"),
        (Gauge(None, 2000), "░░░░░░░░░░    ?", "cpu    ?"),
        (Gauge(0, 0, 600), "░░░░░░░░░░    ?", "cpu    ? of   ?"),
    ],
)
def test_a_gauge_shows_what_is_used_of_what_is_requested(gauge, drawn, words):
    line = text(card(look(cpu=gauge), 23, INK)[2])
    assert line == f"│ cpu {drawn} │"
    assert words in text(worker_line(look(cpu=gauge), INK))


@pytest.mark.parametrize(
    ("width", "shown"), [(70, " 0.25vCPU 0.5 GiB "), (44, " 0.25 "), (30, "ip-10-0…     0.5 ")]
)
def test_a_chip_shortens_an_amount_and_never_cuts_it(width, shown):
    task = look(cpu=Gauge(None, 0, words="0.25 vCPU"), memory=Gauge(None, 0, words="0.5 GiB"))
    assert shown in text(chip(task, width, INK)[0])
