"""The same fleet has the same numbers on every screen that counts nodes."""

import re

import pytest
from msgspec.structs import replace

from eksview.domain.rows.kube import Condition, Kind, LeaseRow, NodeRow
from eksview.store.store import Store
from tests.ui.harness import NOW, TestedApp, facts, links, node
from tests.ui.shell.test_app import running, until

WORDS = {
    "Ready": 7,  # those in trouble included: their Ready condition is True
    "NotReady": 2,
    "Unknown": 1,
    "No heartbeat": 1,
    "cordoned": 2,
    "MemoryPressure": 1,
    "DiskPressure": 2,
}


def mixed() -> Store:
    """Ten nodes in two groups and three zones."""
    well = [replace(node(number), unschedulable=False) for number in range(10, 20)]
    memory, cordoned, both, failed, silent, bare, dead = range(7)
    rows = [*well]
    rows[memory] = _with(rows[memory], "MemoryPressure", "True")
    rows[cordoned] = replace(rows[cordoned], unschedulable=True)
    rows[both] = _with(replace(rows[both], unschedulable=True), "DiskPressure", "True")
    rows[failed] = _with(_with(rows[failed], "Ready", "False"), "DiskPressure", "True")
    rows[silent] = _with(rows[silent], "Ready", "Unknown")
    rows[bare] = replace(rows[bare], conditions=())
    store = Store()
    for number, row in enumerate(rows):
        store.put(Kind.NODE, row)
        renewed = NOW - (300 if number == dead else 3)
        store.put(
            Kind.LEASE,
            LeaseRow("kube-node-lease", row.name, row.uid, row.name, renewed, None, 40, 0),
        )
    facts(store.set_fact)
    links(store.set_link)
    return store


def _with(row: NodeRow, kind: str, status: str) -> NodeRow:
    others = [each for each in row.conditions if each.type != kind]
    return replace(row, conditions=(*others, Condition(kind, status)))


def counted(line: str) -> dict[str, int]:
    """Return the numbers of a line by their words."""
    return {
        word: int(number)
        for number, word in re.findall(r"(\d+) ([A-Za-z][A-Za-z ]*[a-z])(?=[ ,·─╮]|$)", line)
        if word in WORDS
    }


@pytest.mark.parametrize("zoom", ["cards", "map"])
async def test_every_screen_has_the_same_numbers(zoom: str) -> None:
    app = TestedApp(mixed())
    async with running(app, (200, 60)) as press:
        await until(app.pilot, lambda: "10 nodes" in app.text())
        if zoom == "map":
            await press("minus", "minus", "minus")
        (title,) = [line for line in app.lines() if "Workers" in line]
        assert counted(title.replace("  ", ",")) == WORDS
        ready = re.findall(r"(\d+)/(\d+) Ready", app.text())
        assert sum(int(part) for part, _ in ready) == WORDS["Ready"]
        assert sum(int(whole) for _, whole in ready) == 10
        await press("2")
        await until(app.pilot, lambda: "10 nodes: " in app.text())
        (head,) = [line for line in app.lines() if "10 nodes: " in line]
        assert counted(head) == WORDS
