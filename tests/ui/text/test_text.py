"""What detail screens say, from rows and objects."""

import pytest

from eksview.domain.base.text import cells
from eksview.domain.kube.pod_totals import PodTotals
from eksview.domain.rows.kube import EventRow, LeaseRow, UsageRow
from eksview.domain.rows.link import Link, Phase
from eksview.store.store import Store
from eksview.ui.base.object_screen import yaml_lines
from eksview.ui.nodes.node_details import condition_lines, node_detail_lines
from eksview.ui.pods.pod_details import container_lines, pod_detail_lines
from eksview.ui.text import layout
from eksview.ui.text.events import event_lines
from eksview.ui.text.glyphs import ASCII, UNICODE
from eksview.ui.text.layout import fold
from tests.ui.harness import DISK_PRESSURE, NOT_READY, NOW, node, pod, populate
from tests.ui.objects import node_object, pod_object

WIDTHS = (20, 76, 200)


def text(lines):
    return ["".join(words for words, _ in line) for line in lines]


def tones(lines, word):
    return {tone for line in lines for words, tone in line if word in words}


def all_lines(width, glyphs=UNICODE):
    row = node(NOT_READY)
    store = populate(Store())
    events = [each for each in store.events.values() if each.about.startswith("Node")]
    yield from condition_lines(row, None, NOW, width, glyphs)
    yield from event_lines(events, None, NOW, width, glyphs)
    yield from node_detail_lines(node_object(row), PodTotals(), None, NOW, width)
    yield from container_lines(pod_object(pod(7, "n")), NOW, width, glyphs)
    yield from pod_detail_lines(pod_object(pod(7, "n")), width, "J")


def test_ascii_glyphs_make_ascii_lines():
    assert "\n".join(text(all_lines(76, ASCII))).isascii()


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_from_the_cluster_can_move_the_cursor(width):
    assert all(line.isprintable() for line in text(all_lines(width)))


def test_the_worst_condition_comes_first_and_pressure_is_bad_when_true():
    lines = list(condition_lines(node(DISK_PRESSURE), None, NOW, 76, UNICODE))
    table = [line for line in text(lines) if "True" in line or "False" in line]
    assert "DiskPressure" in table[0]
    assert UNICODE.warn in table[0]
    assert "Ready" in table[1]
    assert UNICODE.ok in table[1]
    assert all(UNICODE.ok in line for line in table[2:])


def test_a_condition_tells_status_reason_message_and_both_ages():
    lines = text(condition_lines(node(DISK_PRESSURE), None, NOW, 76, UNICODE))
    row = next(line for line in lines if "DiskPressure " in line)
    assert row.split()[1:] == ["DiskPressure", "True", "KubeletHasDiskPressure", "40s", "24h"]
    assert any("kubelet has disk pressure" in line for line in lines)


def test_an_unknown_condition_is_a_state_of_its_own():
    lines = list(condition_lines(node(NOT_READY), None, NOW, 76, UNICODE))
    said = {tone for line in lines for words, tone in line if words.strip() == "Unknown"}
    assert said == {"unknown"}


@pytest.mark.parametrize(("seconds", "tone"), [(3, "text"), (45, "warn"), (94, "bad")])
def test_the_heartbeat_is_judged_by_its_age(seconds, tone):
    lease = LeaseRow("kube-node-lease", "n", "u", "n", NOW - seconds, None, 40, 0)
    lines = list(condition_lines(node(0), lease, NOW, 76, UNICODE))
    assert tones(lines, f"heartbeat {seconds}s ago") == {tone}


def event(last, **fields):
    values = {
        "uid": f"e{last}", "namespace": "", "name": "e", "about": "Node//n", "type": "Normal",
        "reason": f"R{last}", "message": "m", "source": "kubelet", "count": 1, "first": last,
        "last": last,
    }  # fmt: skip
    return EventRow(**{**values, **fields})


def test_the_latest_event_comes_first_with_how_often_it_was_seen():
    events = [event(NOW - 90), event(NOW - 5, count=12, first=NOW - 605, type="Warning")]
    lines = text(event_lines(events, None, NOW, 76, UNICODE))
    assert lines[0].startswith(f"{UNICODE.warn} 5s")
    assert "x12 over 10m" in lines[0]
    assert lines[2].startswith(f"{UNICODE.dot} 90s")


@pytest.mark.parametrize(
    ("link", "said"),
    [
        (None, "Loading the events"),
        (Link("events", Phase.LISTING, NOW), "Loading the events"),
        (Link("events", Phase.LIVE, NOW), "No events"),
        (Link("events", Phase.REFUSED, NOW, reason="You may not list events."), "may not list"),
    ],
)
def test_no_events_says_why_there_are_none(link, said):
    assert said in text(event_lines([], link, NOW, 76, UNICODE))[0]


def test_a_crashing_container_says_why_and_what_happened_before():
    lines = text(container_lines(pod_object(pod(7, "n")), 1_760_000_000, 90, UNICODE))
    joined = "\n".join(lines)
    assert f"{UNICODE.bad} app   waiting: CrashLoopBackOff   restarts 12" in joined
    assert "back-off 5m0s restarting failed container=app" in joined
    assert "OOMKilled, exit code 137 (SIGKILL: out of memory) after 20m, 2m50s ago" in joined
    assert "cpu 500m, memory 256Mi" in joined
    assert f"{UNICODE.ok} setup   init Completed, exit code 0" in joined


def test_node_details_name_everything_that_is_asked_for():
    sums = PodTotals()
    sums.add(pod(0, "n"))
    used = UsageRow("n", NOW - 20, 1500, 2**30)
    details = node_detail_lines(node_object(node(DISK_PRESSURE)), sums, used, NOW, 100)
    joined = "\n".join(text(details))
    for said in (
        "InternalIP", "CAPACITY", "ALLOCATABLE", "7.7Gi", "100m", "5%", "Amazon Linux",
        "disk-pressure:NoSchedule", "eks.amazonaws.com/nodegroup", "Annotations", "Images (6)",
        "registry.example.com/app-5:1.5", "USED 20s ago", "1.5", "1Gi",
    ):  # fmt: skip
        assert said in joined


@pytest.mark.parametrize("broken", [{}, {"spec": None, "status": []}, {"metadata": "x"}])
def test_an_object_that_lacks_everything_is_no_error(broken):
    list(node_detail_lines(broken, PodTotals(), None, NOW, 76))
    list(container_lines(broken, NOW, 76, UNICODE))
    list(pod_detail_lines(broken, 76, "J"))
    list(yaml_lines(broken))


def test_yaml_has_no_managed_fields_and_is_otherwise_whole():
    lines = text(yaml_lines(node_object(node(0))))
    assert lines[:2] == ["apiVersion: v1", "kind: Node"]
    assert not any("managedFields" in line for line in lines)
    assert r'    example.com/note: "[bold]x\e[31m\u202Eevil"' in lines


def test_a_block_of_text_in_yaml_has_no_keys():
    lines = list(yaml_lines({"data": {"script": "set: -e\necho: done\n"}, "kind": "ConfigMap"}))
    assert tones(lines, "echo") == {"text"}
    assert tones(lines, "kind") == {"dim"}


@pytest.mark.parametrize("width", [8, 13, 40])
@pytest.mark.parametrize("said", ["one two three four", "x" * 50, "日本語の文字" * 5, ""])
def test_folding_loses_nothing_and_fits(said, width):
    lines = fold(said, width)
    assert all(cells(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == said.replace(" ", "")


def test_folding_a_long_text_looks_at_each_character_a_few_times(monkeypatch):
    """The certificate in an annotation may be of a megabyte."""
    looked_at: list[int] = []
    monkeypatch.setattr(layout, "clean", lambda text: looked_at.append(len(text)) or text)
    lines = fold("x" * 100_000, 80)
    assert len(lines) == 1_250
    assert sum(looked_at) <= 200_000


@pytest.mark.parametrize("width", range(12, 60))
def test_folding_splits_no_word_that_a_line_can_hold(width):
    said = "no answer: Connection of nodegroup/ng-general was refused by 10.0.0.9:443, at last"
    words = [word for line in fold(said, width) for word in line.split()]
    assert [word for word in said.split() if len(word) <= width and word not in words] == []


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("nodegroup/ng-general", ["nodegroup/ng-", "general"]),
        ("ip-10-0-3-43.compute.internal", ["ip-10-0-3-43.", "compute.", "internal"]),
        ("0123456789abcdef0", ["0123456789abcd", "ef0"]),
    ],
)
def test_a_long_name_is_split_behind_a_sign(name, lines):
    assert fold(name, 14) == lines


def test_the_value_beside_a_key_is_folded_below_its_beginning() -> None:
    key, value = "Annotations:            ", "argocd.argoproj.io/tracking-id: shop:apps/Deployment"
    lines = layout.whole_sentences([((key, "dim"), (value, "text"))], 60)
    first, second = ("".join(text for text, _ in line) for line in lines)
    assert first == f"{key}argocd.argoproj.io/tracking-id:"
    assert second == f"{' ' * len(key)}shop:apps/Deployment"


def test_a_heartbeat_that_cannot_be_judged_is_not_blamed() -> None:
    lease = LeaseRow("kube-node-lease", "n", "l", "n", NOW - 300, None, 40, 0)
    first = next(condition_lines(node(0), lease, NOW, 76, UNICODE, judged=False))
    assert "last known heartbeat 5m ago" in "".join(part for part, _ in first)
    assert "leases couldn't be renewed or read" in "".join(part for part, _ in first)
    assert not {tone for _, tone in first} & {"bad", "warn"}
