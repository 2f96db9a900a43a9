"""The words under which a node is counted: Ready means Ready, the rest is counted beside it."""

import pytest
from msgspec.structs import replace

from eksview.domain.base.health import Health
from eksview.domain.kube.node_counts import added, in_order, node_words, word_health
from eksview.domain.rows.kube import Condition, NodeRow, undecoded
from tests.ui.table_rows import node

READY = node("a")


def with_condition(kind: str, status: str, row: NodeRow = READY) -> NodeRow:
    others = [each for each in row.conditions if each.type != kind]
    return replace(row, conditions=(*others, Condition(kind, status)))


@pytest.mark.parametrize(
    ("row", "heartbeat", "words"),
    [
        (READY, Health.OK, ("Ready",)),
        (with_condition("MemoryPressure", "True"), Health.OK, ("Ready", "MemoryPressure")),
        (replace(READY, unschedulable=True), Health.OK, ("Ready", "cordoned")),
        (replace(READY, deleted=1.0), Health.OK, ("Ready", "deleting")),
        (READY, Health.BAD, ("Ready", "No heartbeat")),
        (READY, Health.WARN, ("Ready", "Late heartbeat")),
        (node("a", ready="False"), Health.OK, ("NotReady",)),
        (node("a", ready="Unknown"), Health.BAD, ("NotReady",)),
        (replace(READY, conditions=()), Health.OK, ("Unknown",)),
        (undecoded(READY, "spec: a string instead of an object"), Health.OK, ("Undecodable",)),
        (with_condition("KernelReady", "False"), Health.OK, ("Ready", "KernelNotReady")),
        (with_condition("DiskPressure", "Unknown"), Health.OK, ("Ready", "DiskPressure=Unknown")),
        (
            with_condition("PIDPressure", "True", replace(READY, unschedulable=True)),
            Health.BAD,
            ("Ready", "No heartbeat", "cordoned", "PIDPressure"),
        ),
        (with_condition("\x1b]52;c;x\x07", "True"), Health.OK, ("Ready", r"\x1b]52;c;x\x07")),
    ],
)
def test_a_node_counts_under_each_word_that_is_true_of_it(
    row: NodeRow, heartbeat: Health, words: tuple[str, ...]
) -> None:
    assert node_words(row, heartbeat) == words


def test_counts_are_added_by_word() -> None:
    counts = added({("Ready",): 6, ("Ready", "cordoned"): 2, ("NotReady", "cordoned"): 1})
    assert counts == {"Ready": 8, "NotReady": 1, "cordoned": 3}


def test_statuses_come_first() -> None:
    words = ["PIDPressure", "cordoned", "DiskPressure", "No heartbeat", "NotReady", "Ready"]
    assert in_order(words) == [
        "Ready", "NotReady", "No heartbeat", "cordoned", "DiskPressure", "PIDPressure",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("word", "health"),
    [
        ("Ready", Health.OK),
        ("NotReady", Health.BAD),
        ("No heartbeat", Health.BAD),
        ("Unknown", Health.UNKNOWN),
        ("DiskPressure=Unknown", Health.UNKNOWN),
        ("cordoned", Health.WARN),
        ("MemoryPressure", Health.WARN),
    ],
)
def test_only_ready_is_green(word: str, health: Health) -> None:
    assert word_health(word) is health
