"""A page of Explain: as airy as its size allows, and complete where it is too small."""

import pytest

from eksview.config.package_texts import explain_texts
from eksview.domain.base.health import Health
from eksview.domain.base.text import Clean
from eksview.domain.explain.value import LiveValue
from eksview.ui.explain.page import Page, page_lines
from eksview.ui.text.glyphs import UNICODE
from eksview.ui.text.wording import Wording

NOW = 1000.0
TEXTS = explain_texts("en")
PAGE = Page(
    paragraphs=[(("One.", "text"),), (("Two.", "text"),)],
    drawing=lambda _width, _tight: [(("[box]", "text"),)],
    notes=[(("[1] ", "unknown"), ("RBAC denies it.", "dim"))],
    commands=[Clean("kubectl get nodes"), Clean("kubectl get pods")],
    short=[Clean("get nodes"), Clean("get pods")],
    chosen=1,
    hint=(("Enter", "accent"),),
)


def laid_out(width, height, page=PAGE):
    lines = page_lines(page, width, height, UNICODE)
    return ["".join(text for text, _ in line).rstrip() for line in lines]


@pytest.mark.parametrize(("height", "lines"), [(30, 18), (14, 13), (11, 11), (9, 7), (6, 6)])
def test_it_has_the_air_that_its_height_allows(height, lines):
    assert len(laid_out(40, height)) == lines


def test_what_has_no_room_scrolls_and_only_the_hint_is_left_out():
    small = laid_out(40, 3)
    assert [line.strip() for line in small] == [
        "One.", "Two.", "[box]", "[1] RBAC denies it.", "$ kubectl get nodes",
        "▌$ kubectl get pods",
    ]  # fmt: skip


def test_a_wide_terminal_has_it_in_the_middle():
    first = next(line for line in laid_out(200, 60) if line)
    assert first.index("One.") == (200 - 96) // 2


def test_a_long_command_is_folded_below_its_beginning():
    command = Clean("kubectl get nodes --context production")
    page = Page((), lambda _width, _tight: [], commands=[command], short=[Clean("kubectl")])
    assert laid_out(24, 9, page)[-2:] == [" $ kubectl get nodes", "   --context production"]


def test_a_small_page_has_its_drawing_and_then_its_commands_shortened():
    page = Page(
        (),
        lambda _width, tight: [(("[box]", "text"),)] * (1 if tight else 3),
        commands=[Clean(f"kubectl --context production get {name}") for name in ("nodes", "pods")],
        short=[Clean("kubectl get nodes"), Clean("kubectl get pods")],
        chosen=1,
    )
    whole = [" $ kubectl --context", "   production get nodes"]
    assert [len(laid_out(24, height, page)) for height in (7, 5, 4, 3)] == [7, 5, 4, 3]
    assert laid_out(24, 5, page)[1:3] == whole
    assert laid_out(24, 4, page)[1:] == [
        " $ kubectl get nodes …", "▌$ kubectl --context", "   production get pods",
    ]  # fmt: skip
    assert laid_out(24, 3, page)[1:] == [" $ kubectl get nodes …", "▌$ kubectl get pods …"]
    assert laid_out(24, 2, page)[1:3] == whole  # it scrolls


def words(template, **values):
    wording = Wording(TEXTS, values, NOW, UNICODE)
    return wording.words(template, marks=True), [note[1][0] for note in wording.notes()]


def test_a_value_stands_out_and_a_judged_one_has_its_mark():
    value = LiveValue(Clean("3"), at=NOW, health=Health.BAD)
    assert words("{n} Ready", n=value)[0] == (("✖ ", "bad"), ("3", "bad"), (" Ready", "text"))
    assert words("{n}", n=LiveValue(Clean("3"), at=NOW))[0] == (("3", "accent"),)


def test_an_old_value_says_how_old_it_is():
    shown, _ = words("{n}", n=LiveValue(Clean("3"), at=NOW - 300))
    assert shown == (("3", "accent"), (" (5m ago)", "faint"))


def test_a_value_no_longer_confirmed_is_not_colored_as_live():
    value = LiveValue(Clean("3"), NOW - 300, Health.OK, Clean("Connection refused."), "failed")
    shown, reasons = words("{n}", n=value)
    assert [tone for _, tone in shown] == ["unknown", "dim", "unknown"]
    assert reasons == ["Connection refused. Last read 5m ago."]


def test_unread_values_share_the_note_of_their_reason():
    refused = LiveValue(unread="refused", reason=Clean("RBAC denies it."), right=Clean("get pods"))
    shown, reasons = words("{a} {b}", a=refused, b=refused)
    assert "".join(text for text, _ in shown) == ("(needs get pods)[1] (needs get pods)[1]")
    assert reasons == ["RBAC denies it."]


def test_a_place_of_values_that_there_are_not_is_left_out_of_the_drawing():
    wording = Wording(TEXTS, {"proxy": LiveValue(unread="none")}, NOW, UNICODE)
    assert wording.places({"proxy": "via {proxy}", "etcd": "etcd"}) == {"etcd": (("etcd", "text"),)}
