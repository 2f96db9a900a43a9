"""The recipe "Add a watched resource" of CONTRIBUTING leads to a resource that is listed, watched,
printed by `get` and shown on a screen.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.patience import PATIENCE
from tests.recipes import namespaces

ROOT = Path(__file__).parents[2]
FILES = 5
"""More files than these, and a resource needs a registry that it hasn't."""


def test_a_watched_resource_touches_at_most_five_files(tmp_path: Path) -> None:
    app = tmp_path / "app"
    shutil.copytree(ROOT / "app", app, ignore=shutil.ignore_patterns("__pycache__"))
    assert namespaces.apply(app) <= FILES
    # The styles are beside `app/` in a checkout.
    (tmp_path / "styles").symlink_to(ROOT / "styles")
    environment = {**os.environ, "PYTHONPATH": f"{app}:{ROOT}", "HOME": str(tmp_path)}
    program = subprocess.run(
        [sys.executable, "-m", "tests.recipes.follow_namespaces", str(tmp_path / "kubeconfig")],
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env=environment,
        cwd=ROOT,
    )
    assert program.returncode == 0, program.stderr
    seen = json.loads(program.stdout)
    assert seen["package"].startswith(str(app))
    assert {"default", "kube-system"} <= set(seen["listed"])
    assert set(seen["watched"]) == {*seen["listed"], "added-later"} - {"default"}
    assert seen["whole"]["metadata"]["name"] == "added-later"
    head, *lines = seen["get"]
    assert head == ["NAME", "STATUS", "AGE"]
    assert sorted(line[0] for line in lines) == seen["watched"]
    assert {line[1] for line in lines} == {"Active"}
    assert sorted(seen["name"]) == [[f"namespace/{name}"] for name in seen["watched"]]
