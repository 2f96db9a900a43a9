"""No word is cut without an ellipsis and no reason is lost, on any screen, tab and dialog."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain
from typing import NamedTuple

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot
from textual.widget import Widget

from eksview.domain.base.reading import Read, ReadFailed, Refused
from eksview.domain.live.facts import Facts
from eksview.domain.rows.access import RightsFact
from eksview.domain.rows.link import Phase
from eksview.store.store import Store
from eksview.ui.base.screen_registry import HOME
from tests.ui.harness import NOW, TestedApp
from tests.ui.painted import restore, settle, walk
from tests.ui.snapshots.screens import (
    Scene,
    app_of,
    broken_store,
    full_store,
    requests,
)

WIDE = (300, 80)
SMALL, SMALLEST = (80, 24), (40, 12)
MARKS = "▲✖●○"
LINES = "│┃┆║┌┐└┘─├┤╭╮╰╯"
TEXT = 4
"""Lines of a text that are seen on the smallest terminal."""
WORD = re.compile(rf"[^\s{LINES}]+")
SHORT = {"Life"}
"""A title of a tab for narrow terminals."""
DIALOGS = (
    ("1", "question_mark"), ("2", "question_mark"), ("2", "K"), ("2", "s"), ("3", "n"),
    ("colon", *"ctx", "enter"), ("colon", *"clusters", "enter"), ("colon", "n"),
    ("colon", *"nosuch"), ("3", "slash", *"nosuch"),
)  # fmt: skip
"""The keys that open each dialog and each line that is typed into."""


class Panel(NamedTuple):
    """What a widget paints, as lines, and whether there is more below."""

    name: str
    lines: list[str]


Pictures = dict[str, list[Panel]]
"""The panels of the topmost screen, by the place where they are seen."""


def reason_of(name: str) -> str:
    return (
        f"Can't list {name}: RBAC denies `list {name}` to the user ops of the group viewers, and "
        "access entries of this account grant nothing that would allow it."
    )


def refused_store() -> Store:
    """Return a cluster and an account of which a person may read nothing."""
    store = full_store()
    for name, link in [*store.links.items()]:
        store.set_link(replace(link, phase=Phase.REFUSED, reason=reason_of(name)))
    for key in (Facts.cluster, Facts.who, Facts.rbac, Facts.iam_roles, Facts.version):
        store.set_fact(key, Refused(reason_of(key.name), None, NOW))  # type: ignore[arg-type]
    rights = store.facts.rights
    assert isinstance(rights, Read)
    denied = tuple(replace(right, allowed=False) for right in rights.value.rights)
    store.set_fact(Facts.rights, Read(RightsFact(NOW, denied), NOW))
    return store


def lost_reason(name: str) -> str:
    return (
        f"10.0.0.9:443 refused the connection for {name}: its server is stopped, or a firewall "
        "between this machine and the cluster closes it."
    )


def lost_store() -> Store:
    """Return a cluster whose API server is gone, with a reason for every link."""
    store = broken_store()
    for name, link in [*store.links.items()]:
        if link.phase is Phase.RETRYING:
            store.set_link(replace(link, reason=lost_reason(name)))
    for key in (Facts.readyz, Facts.livez):
        probe = store.facts.get(key)
        assert isinstance(probe, Read)
        store.set_fact(key, Read(replace(probe.value, reason=lost_reason(key.name)), NOW))
    for key in (Facts.rbac, Facts.who):
        store.set_fact(key, ReadFailed(lost_reason(key.name), NOW))  # type: ignore[arg-type]
    return store


STORES: dict[str, Callable[[], Store]] = {
    "healthy": full_store,
    "refused": refused_store,
    "lost": lost_store,
}


def panels(app: TestedApp) -> list[Panel]:
    """Return what each widget of the topmost screen paints."""
    strips = app.screen._compositor.render_strips()
    found = []
    for widget in app.screen.walk_children(Widget):
        if widget.is_container or not widget.display or not widget.size:
            continue
        area = app.screen.find_widget(widget).visible_region
        lines = [strip.crop(area.x, area.right).text for strip in strips[area.y : area.bottom]]
        found.append(Panel(type(widget).__name__, lines))
    return found


async def pictures(store: str, size: tuple[int, int]) -> Pictures:
    """Walk all screens, tabs and dialogs, and return what they paint."""
    app = app_of(Scene("", store=STORES[store]))
    seen: Pictures = {}

    def look(app: TestedApp, place: str) -> None:
        seen[place] = panels(app)
        assert all(len(panel.lines) >= TEXT for panel in seen[place] if panel.name == "LinesView")
        check_footer(app, place)

    async with app.run_test(size=size) as pilot:
        app.pilot = pilot
        for request in requests():
            app.view.store.set_request(request)
        await settle(pilot)
        await walk(pilot, look, keys=False, most=1)
        await _open_dialogs(pilot, look)
    return seen


async def _open_dialogs(pilot: Pilot[None], look: Callable[[TestedApp, str], None]) -> None:
    app = pilot.app
    for keys in DIALOGS:
        app.navigation.go(HOME)
        await settle(pilot)
        home = app.screen
        await pilot.press(*keys)
        await settle(pilot)
        look(app, " ".join(keys))
        await pilot.press("escape")
        await restore(pilot, home, partial(app.navigation.go, HOME))


def check_footer(app: TestedApp, place: str) -> None:
    """Compare the painted keys with those that are bound."""
    active = app.screen.active_bindings.values()
    bound = {f"{app.get_key_display(key.binding)} {key.binding.description}" for key in active}
    line = app.lines()[-1].strip()
    if line.startswith(":") or "╯" in line:  # the command line, or a dialog above the footer
        return
    keys = re.split(r"\s{2,}", re.split(r"k8s|aws", line)[0].strip())
    if screens := next((key for key in keys if key.endswith(" Screens")), ""):
        first, last = screens.removesuffix(" Screens").split("-")
        digits = {str(number) for number in (int(first), int(last))}
        assert digits <= {key.binding.key for key in active}, place
    assert [key for key in keys if key and key not in bound | {screens}] == [], place


def cut_words(narrow: Iterable[Panel], wide: Iterable[Panel]) -> Iterator[str]:
    """Yield the words that end within a word of the wide picture, with their lines."""
    whole = {word for panel in wide for line in panel.lines for word in WORD.findall(line)}
    for panel in narrow:
        for number, line in enumerate(panel.lines):
            for word in set(WORD.findall(line)) - whole - SHORT:
                rests = [each[len(word) :] for each in whole if each.startswith(word)]
                rests = [rest for rest in rests if re.search(r"\w", rest)]  # "usage:" is "usage"
                if (
                    rests
                    and re.search("[A-Za-z]", word)
                    and not _goes_on(rests, panel.lines, number)
                ):
                    yield f"{panel.name}: {word!r} of {line!r}"


def _goes_on(rests: list[str], lines: list[str], number: int) -> bool:
    """Return whether the rest of a word is in the next line, or may be below the last one."""
    if number + 1 >= len(lines):
        return len(lines) > 1
    parts = WORD.findall(lines[number + 1])
    return any(rest.startswith(part) or part.startswith(rest) for rest in rests for part in parts)


def flat(panel: Panel) -> str:
    """Return the text of a panel without blanks, lines and marks."""
    return re.sub(rf"[\s{LINES}{MARKS}]", "", "".join(panel.lines))


def told(panels: Iterable[Panel], reasons: Iterable[str]) -> set[str]:
    """Return the reasons that are whole in a panel."""
    texts = [flat(panel) for panel in panels]
    return {each for each in reasons if any(re.sub(r"\s", "", each) in text for text in texts)}


def lost_sentences(narrow: list[Panel], wide: list[Panel], reasons: list[str]) -> set[str]:
    """Return the reasons that are whole in the wide picture and not in the narrow one.

    A text with a scroll bar is left out: `test_sentences_wrap` reads it to its end.
    """
    scrolling = {panel.name for panel in narrow if any(line[-1:] in "┃▌" for line in panel.lines)}
    still = [panel for panel in wide if panel.name not in scrolling]
    return told(still, reasons) - told(narrow, reasons)


def reasons(store: Store) -> list[str]:
    links = [link.reason for link in store.links.values() if link.reason]
    facts = [getattr(reading, "reason", "") for _, reading in store.facts]
    return [*links, *filter(None, facts)]


@pytest.mark.parametrize("store", STORES)
async def test_nothing_is_cut(store: str) -> None:
    wide = await pictures(store, WIDE)
    every = reasons(STORES[store]())
    assert {*told(chain.from_iterable(wide.values()), every)} or store == "healthy"
    for size in (SMALL, SMALLEST):
        narrow = await pictures(store, size)
        assert narrow.keys() == wide.keys()
        cut = {place: [*cut_words(narrow[place], wide[place])] for place in wide}
        assert {place: words for place, words in cut.items() if words} == {}
        lost = {place: lost_sentences(narrow[place], wide[place], every) for place in wide}
        if size == SMALLEST:  # home has room for one reason
            lost.pop(HOME)
            assert told(narrow[HOME], every) or not told(wide[HOME], every)
        assert {place: words for place, words in lost.items() if words} == {}
