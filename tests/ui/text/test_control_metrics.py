"""The scheduler's and the controller manager's metrics, on their cards and screens."""

import pytest

from eksview.domain.base.reading import Read, Refused
from eksview.domain.live.facts import Facts
from eksview.domain.rows.server import ControllerMetrics, EksMetrics, SchedulerMetrics
from eksview.store.store import Store
from eksview.ui.text.control_metrics import CONTROLLERS, SCHEDULER, metrics_lines, pending_words
from eksview.ui.text.glyphs import UNICODE
from tests.ui.harness import NOW, TestedApp, populate
from tests.ui.shell.test_app import running, shows

SEEN = EksMetrics(
    scheduler=Read(
        SchedulerMetrics(
            NOW - 20, (("active", 1), ("unschedulable", 3)), (("scheduled", 12_345),), 42.0, 0.004
        ),
        NOW - 20,
    ),
    controllers=Read(ControllerMetrics(NOW - 20, 40, (("deployment", 7), ("job", 2))), NOW - 20),
)
REFUSED = EksMetrics(scheduler=Refused("You may not get ksh metrics.", None, NOW))


def said(metrics, component):
    lines = metrics_lines(metrics, component, NOW, 80, UNICODE)
    return "\n".join("".join(text for text, _ in words) for words in lines)


@pytest.mark.parametrize(
    ("component", "words"),
    [
        (SCHEDULER, ("● 1 pod", "▲ 3 pods", "12,345 since it started", "42", "4 ms on average",
                     "20s ago, from metrics.eks.amazonaws.com")),
        (CONTROLLERS, ("deployment", "7 waiting", "Queues              40")),
    ],
)  # fmt: skip
def test_a_component_tells_what_it_counts(component, words):
    assert all(word in said(SEEN, component) for word in words)


def test_what_was_refused_is_a_sentence_and_no_figure():
    assert said(REFUSED, SCHEDULER).strip() == "○ You may not get ksh metrics."
    assert pending_words(REFUSED, SCHEDULER) == ""


@pytest.mark.parametrize("component", ["etcd", "kube-apiserver", SCHEDULER])
def test_nothing_read_says_nothing(component):
    assert said(None if component == SCHEDULER else SEEN, component) == ""


async def test_the_cards_at_home_and_the_screen_have_the_figures():
    store = populate(Store())
    store.set_fact(Facts.eks_metrics, Read(SEEN, NOW))
    app = TestedApp(store)
    async with running(app, (160, 50)) as press:
        await shows(app, "4 pending", "9 queued")
        await press("tab", "right", "right", "right", "enter")
        await shows(app, "Scheduling", "Pending, unschedulable", "▲ 3 pods")
