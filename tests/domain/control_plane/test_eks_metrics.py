"""The scheduler's and the controller manager's metrics, out of Prometheus' text."""

import pytest

from eksview.domain.control_plane.eks_metrics import controller_metrics, samples, scheduler_metrics
from eksview.domain.rows.server import SchedulerMetrics

SCHEDULER = """\
# HELP scheduler_pending_pods [STABLE] Number of pending pods, by the queue type.
# TYPE scheduler_pending_pods gauge
scheduler_pending_pods{queue="active"} 0
scheduler_pending_pods{queue="backoff"} 1
scheduler_pending_pods{queue="gated"} 0
scheduler_pending_pods{queue="unschedulable"} 18
scheduler_schedule_attempts_total{profile="default-scheduler",result="scheduled"} 79
scheduler_schedule_attempts_total{profile="gpu",result="scheduled"} 1
scheduler_schedule_attempts_total{profile="default-scheduler",result="unschedulable"} 1.2e+01
scheduler_scheduling_attempt_duration_seconds_bucket{result="scheduled",le="0.001"} 0
scheduler_scheduling_attempt_duration_seconds_sum{profile="gpu",result="scheduled"} 0.5
scheduler_scheduling_attempt_duration_seconds_count{profile="gpu",result="scheduled"} 100
"""
CONTROLLERS = """\
workqueue_adds_total{name="replicaset"} 500
workqueue_depth{name="replicaset"} 3
workqueue_depth{name="job"} 7
workqueue_depth{name="endpoint"} 3
workqueue_depth{name="namespace"} 0
workqueue_depth_of_something_else{name="namespace"} 9
"""


def test_the_scheduler_says_what_is_pending_and_how_it_goes():
    assert scheduler_metrics(SCHEDULER, 100.0) == SchedulerMetrics(
        at=100.0,
        pending=(("active", 0), ("backoff", 1), ("gated", 0), ("unschedulable", 18)),
        attempts=(("scheduled", 80), ("unschedulable", 12)),
        rate=None,
        took=0.005,
    )


@pytest.mark.parametrize(
    ("made", "now", "rate"),
    [
        (62, 160.0, 30.0),
        (92, 160.0, 0.0),
        (200, 160.0, None),  # another instance leads: it counts from zero
        (62, 100.0, None),
        (62, 99.0, None),  # a clock that was set back
    ],
)
def test_the_rate_is_of_the_time_since_the_reading_before(made, now, rate):
    before = SchedulerMetrics(at=100.0, pending=(), attempts=(("scheduled", made),))
    assert scheduler_metrics(SCHEDULER, now, before).rate == rate


def test_the_controllers_queues_come_longest_first_and_empty_ones_are_only_counted():
    found = controller_metrics(CONTROLLERS, 100.0)
    assert found.waiting == (("job", 7), ("endpoint", 3), ("replicaset", 3))
    assert found.queues == 4


@pytest.mark.parametrize(
    "line",
    [
        "workqueue_depth",
        'workqueue_depth{name="x"}',
        'workqueue_depth{name="x"} many',
        'workqueue_depth{name="x"} NaN',
        'workqueue_depth{name="x"} +Inf',
        'workqueue_depth{name="x" 3 4 5',
        "<html>workqueue_depth",
    ],
)
def test_a_line_that_is_no_sample_is_passed_over(line):
    assert list(samples(line, "workqueue_depth")) == []


@pytest.mark.parametrize(
    ("line", "labels", "value"),
    [
        ("workqueue_depth 3", {}, 3.0),
        ('workqueue_depth{name="a}b",q="say \\"hi\\""} 3', {"name": "a}b", "q": 'say \\"hi\\"'}, 3),
        ('workqueue_depth{name="x",} 3 1395066363000', {"name": "x"}, 3.0),
        ('workqueue_depth{name="x"}   -4.5e3  ', {"name": "x"}, -4500.0),
    ],
)
def test_labels_and_timestamps_are_read_as_prometheus_writes_them(line, labels, value):
    assert [(each.labels, each.value) for each in samples(line, "work")] == [(labels, value)]


def test_nothing_is_made_up_of_an_empty_text():
    assert scheduler_metrics("", 1.0) == SchedulerMetrics(1.0, ())
    assert controller_metrics("", 1.0).queues == 0
