"""What `Enter` shows of an everyday check is what its command prints in a shell."""

import asyncio
import os
import re
import shlex
import shutil
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import suppress

import pytest

from eksview.config.settings import Settings
from eksview.domain.base.errors import UserError
from eksview.domain.base.reading import Read
from eksview.domain.explain.checks import CHECKS, EverydayCheck, check_of
from eksview.domain.live.command_context import CommandContext, context_of
from eksview.domain.live.messages import Message
from eksview.domain.rows.measured_request import PhaseName
from eksview.engine.backend import KubeBackend
from eksview.sshserver.read_only_actions import NO_COMMANDS, ReadOnlyActions
from tests.e2e.terminal import Terminal
from tests.patience import PATIENCE
from tests.served import serving

pytestmark = pytest.mark.skipif(
    shutil.which("kubectl") is None,
    reason="kubectl is missing; see https://kubernetes.io/docs/tasks/tools/",
)
VARYING = re.compile(r"\d+(?:\.\d+)?(?:[ydhms]|Mi|%|m)?|<[a-z]+>")
"""Ages, usage, and numbers: the demo lives on between two runs."""
ATTEMPTS = 5


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    home = tmp_path_factory.mktemp("home with a space")
    with serving(home, "--nodes=4", "--pods=12") as variables:
        yield variables


class _Nobody:
    """A sink that nobody reads."""

    def send(self, message: Message, /) -> None: ...


@pytest.fixture
async def backend(environ: dict[str, str]) -> AsyncIterator[KubeBackend]:
    settings = Settings(kubeconfig=environ["KUBECONFIG"])
    backend = KubeBackend(settings, _Nobody(), environ)
    backend.start()
    yield backend
    backend.stop()


def commands_of(environ: dict[str, str]) -> CommandContext:
    return context_of({}, context="eksview-demo", files=(environ["KUBECONFIG"],))


async def in_shell(line: str, environ: dict[str, str]) -> list[str]:
    """Return what a person sees of a line in a shell without variables, which must end with 0."""
    process = await asyncio.create_subprocess_exec(
        "/bin/sh", "-c", line, env={"PATH": os.environ["PATH"], "HOME": environ["HOME"]},
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,  # kubectl's "No resources found"
    )  # fmt: skip
    async with asyncio.timeout(PATIENCE):
        out, _ = await process.communicate()
    assert process.returncode == 0, line
    return [each.rstrip() for each in out.decode().splitlines()]


async def first_node(backend: KubeBackend) -> str:
    """Return the name of the first node, once the backend is connected."""
    async with asyncio.timeout(PATIENCE):
        while True:
            with suppress(UserError):
                output = await backend.run_check("nodes")
                return output.lines[1].split()[0]
            await asyncio.sleep(0.05)


def comparable(lines: Sequence[str]) -> list[str]:
    """Return lines in an order of their own, for what varies isn't sorted by anything else."""
    return sorted(re.sub(r"\s+", " ", VARYING.sub("#", line)).strip() for line in lines)


@pytest.mark.parametrize("check", CHECKS, ids=lambda each: each.id)
async def test_a_check_shows_what_its_command_prints(
    backend: KubeBackend, environ: dict[str, str], check: EverydayCheck
) -> None:
    node = await first_node(backend)
    line = check.command(commands_of(environ), node).removeprefix("watch ")
    line = shlex.split(line)[0] if line.startswith("'") else line
    for _ in range(ATTEMPTS):  # the demo lives: a pod may come between the two
        shown = await backend.run_check(check.id, node)
        printed = await in_shell(line, environ)
        if comparable(shown.lines) == comparable(printed):
            break
    assert comparable(shown.lines) == comparable(printed)
    assert (shown.code, shown.program) == (0, "kubectl")
    assert printed


@pytest.mark.skipif(not all(map(shutil.which, ("watch", "tmux"))), reason="needs watch and tmux")
async def test_watch_shows_the_nodes_in_a_terminal(
    backend: KubeBackend, environ: dict[str, str]
) -> None:
    node = await first_node(backend)
    line = check_of("watch").command(commands_of(environ), "")
    with Terminal(200, 30, {"HOME": environ["HOME"]}) as terminal:
        terminal.type(line)
        terminal.press("Enter")
        screen = await asyncio.to_thread(terminal.wait_for, rf"(?m)^{node} +Ready", "Every 2.0s")
    assert "kubectl" in screen


async def test_a_request_is_measured_by_the_backend(backend: KubeBackend) -> None:
    await first_node(backend)
    measured = await backend.measure_request()
    assert measured.status == 200
    assert [each.name for each in measured.phases if each.took is not None] == [
        name for name in PhaseName if name not in (PhaseName.DNS, PhaseName.PROXY)
    ]
    assert isinstance(measured.means, Read)


async def test_a_served_view_measures_and_runs_nothing(backend: KubeBackend) -> None:
    await first_node(backend)
    shared = ReadOnlyActions()
    shared._backend = backend
    assert (await shared.measure_request()).status == 200
    with pytest.raises(UserError, match=NO_COMMANDS):
        await shared.run_check("nodes")
