"""What is imported before the first frame, which waits for each of these modules."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]

LAUNCH = """
import json
import os
import sys
from functools import partial

from eksview.cli.main import main  # as the command does
from eksview.cli import dashboard
from eksview.config.settings import Settings
from eksview.engine.backend import KubeBackend
from eksview.ui.shell.app import EksviewApp


class Launched(EksviewApp):
    def _start(self):
        self.opened()
        self.loaded = sorted(sys.modules)
        self.exit()

    def on_unmount(self):
        return


app = Launched(Settings(), partial(KubeBackend, environ={}))
app.run(headless=True, size=(160, 48))
print(json.dumps(app.loaded))
"""
LATER = (
    # client libraries, and what only an opened screen, an answer or an action needs
    "aiohttp", "botocore", "boto3", "kubernetes", "yaml", "email", "csv", "jsonpath",
    "eksview.aws", "eksview.kube", "eksview_demo",
    "eksview.domain.drain", "eksview.domain.resources", "eksview.domain.scheduling",
    "eksview.domain.actions.question", "eksview.domain.logs.request",
    "eksview.domain.describe.description",
)  # fmt: skip
ROOMS = {"base", "dialogs", "home", "shell", "terminal", "text", "workers"}
"""The rooms of the user interface of which home consists; each of the others has its screens."""


def test_the_first_frame_waits_for_no_module_that_it_can_do_without() -> None:
    command = [sys.executable, "-c", LAUNCH]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    loaded: list[str] = json.loads(done.stdout.splitlines()[-1])
    assert "eksview.ui.home.screen" in loaded
    assert [
        name for name in loaded if f"{name}.".startswith(tuple(f"{each}." for each in LATER))
    ] == []
    assert {name.split(".")[2] for name in loaded if name.startswith("eksview.ui.")} == ROOMS
    assert [name for name in loaded if name.startswith("eksview.ui.dialogs.")] == [
        "eksview.ui.dialogs.command_history",
        "eksview.ui.dialogs.commands",
        "eksview.ui.dialogs.key_list",
    ]
