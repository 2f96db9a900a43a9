"""Every command that eksview shows runs as it is, in a shell that has nothing but PATH and HOME."""

import asyncio
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import pytest

from eksview.config.settings import Settings
from eksview.domain.live.api_call import command
from eksview.domain.rows.link import Phase
from eksview.engine.backend import KubeBackend
from eksview.ui.base.live_screen import LiveScreen
from eksview.ui.base.messages import OpenInstance, OpenNode, OpenPod
from eksview.ui.base.screen_registry import SCREENS
from eksview.ui.shell.app import EksviewApp
from eksview.ui.trace.call_screen import command_context
from eksview.ui.trace.commands_dialog import CommandsDialog
from tests.patience import PATIENCE, until
from tests.served import serving

pytestmark = pytest.mark.skipif(
    not (shutil.which("kubectl") and shutil.which("aws")), reason="kubectl or aws is missing"
)
KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The demo, with its keys in the AWS CLI's files: no command may carry a secret."""
    home = tmp_path_factory.mktemp("home with a space")
    with serving(home, "--nodes=4", "--pods=12") as environ:
        (home / ".aws").mkdir()
        keys = "".join(f"{name.lower()} = {environ.pop(name)}\n" for name in KEYS)
        (home / ".aws" / "credentials").write_text(f"[demo]\n{keys}")
        kubeconfig = Path(shutil.copy(environ["KUBECONFIG"], home / "kube config"))
        yield environ | {
            "KUBECONFIG": str(kubeconfig),
            "AWS_PROFILE": "demo",
            "AWS_SHARED_CREDENTIALS_FILE": str(home / ".aws" / "credentials"),
        }


async def shown(environ: Mapping[str, str]) -> dict[str, str]:
    """Every command of K, on every screen and of each kind of object, with where it is shown."""
    app = EksviewApp(
        Settings(animate=False), partial(KubeBackend, environ=environ), environ=environ
    )
    found: dict[str, str] = {}
    async with app.run_test(size=(160, 50)) as pilot:
        store = app.view.store

        def loaded() -> bool:
            live = [link.phase is Phase.LIVE for link in store.links.values()]
            return bool(store.nodes and store.pods and store.instances) and sum(live) > 6

        await until(loaded)
        objects = [
            OpenNode(next(iter(store.nodes))),
            OpenPod(next(iter(store.pods))),
            OpenInstance(next(iter(store.instances))),
        ]
        places = [screen.name for screen in SCREENS if screen.key]
        for place in (*places, *objects):
            if isinstance(place, str):
                app.navigation.go(place)
            else:
                app.navigation.open(place)
            await until(lambda: isinstance(app.screen, LiveScreen) and app.screen.ready)
            await pilot.press("K")
            await until(lambda: isinstance(app.screen, CommandsDialog))
            dialog = app.screen
            assert isinstance(dialog, CommandsDialog)
            for choice in dialog.choices:
                found.setdefault(choice.command, f"{place}: {choice.subject}")
            await pilot.press("escape")
        context = command_context(app.view)
        for call in store.requests.values():
            found.setdefault(command(call, context), f"trace: {call.source}")
    return found


def run(line: str, home: str) -> subprocess.CompletedProcess[str]:
    """Run a line as a person pastes it, in a shell without variables."""
    python = Path(sys.executable).parent
    plain = {"PATH": f"{os.environ['PATH']}:{python}", "HOME": home}
    line = line.removesuffix(" --watch")  # it would never end
    return subprocess.run(
        ["/bin/sh", "-c", line], env=plain, capture_output=True, text=True, timeout=PATIENCE,
        check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def works(line: str, done: subprocess.CompletedProcess[str]) -> bool:
    # `auth can-i` exits with 1 where the answer is no.
    words = shlex.split(line)
    return done.returncode == 0 or ("can-i" in words and done.stdout.strip() in ("no", "yes"))


async def test_every_command_of_k_runs_as_it_is_shown(demo: dict[str, str]) -> None:
    found = await shown(demo)
    assert len(found) > 20
    failed = []
    for line, where in found.items():
        done = await asyncio.to_thread(run, line, demo["HOME"])
        if not works(line, done):
            failed.append(f"{where}\n  {line}\n  {done.stderr.strip()[-300:]}")
    assert not failed, "\n".join(failed)
