"""A shared screen leaves what it follows, once."""

from eksview.sshserver.backend import SharedBackend
from eksview.sshserver.fanout import ViewerFanout
from tests.aws.fakes import Heard
from tests.ui.harness import FakeBackend


def test_a_viewer_that_goes_leaves_the_ecs_clusters_that_it_followed() -> None:
    inner = FakeBackend()
    shared = SharedBackend(inner, ViewerFanout(), Heard())
    shared.follow_ecs()
    shared.follow_ecs("web")
    shared.follow_ecs("web")
    shared.leave_ecs("web")
    shared.stop()
    shared.leave_ecs("web")  # its screens end after it
    assert inner.calls == [
        "follow_ecs", "follow_ecs web", "follow_ecs web",
        "leave_ecs web", "leave_ecs", "leave_ecs web",
    ]  # fmt: skip
