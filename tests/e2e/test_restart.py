"""An API server that is killed and comes back, while the cluster lived on without it."""

import re
from collections.abc import Iterator

import pytest

from tests.e2e.api import Api
from tests.e2e.conftest import Open
from tests.e2e.terminal import HAS_TMUX, NO_TMUX

pytestmark = pytest.mark.skipif(not HAS_TMUX, reason=NO_TMUX)


@pytest.fixture
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with Api(tmp_path_factory.mktemp("api")) as server:
        yield server


def test_no_row_is_lost_and_none_is_a_ghost(api: Api, open_terminal: Open) -> None:
    terminal = open_terminal(env=api.env)
    terminal.press("3")
    before = set(api.ask("truth")["pods"])
    pod = re.compile("|".join(sorted(map(re.escape, before), key=len, reverse=True)))
    terminal.wait_until(lambda screen: set(pod.findall(screen)) == before, "all pods")

    api.ask("stop")
    terminal.wait_for("not live|retrying|Next try")
    terminal.wait_until(lambda screen: set(pod.findall(screen)) == before, "the last known rows")
    changed = api.ask("replace_pods")
    cordoned = api.ask("cordon")
    api.ask("start")

    truth = set(api.ask("truth")["pods"])
    assert truth == before - set(changed["gone"]) | set(changed["born"])
    either = re.compile("|".join(sorted(map(re.escape, before | truth), key=len, reverse=True)))
    terminal.wait_until(
        lambda screen: set(either.findall(screen)) == truth, "the pods there are now"
    )
    terminal.press("2")
    row = re.escape(cordoned.partition(".")[0]) + r".*SchedulingDisabled"
    terminal.wait_for("6 nodes:", row)
    terminal.wait_until(
        lambda screen: not re.search("not live|retrying|Next try", screen), "everything live again"
    )
