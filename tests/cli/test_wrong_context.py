"""A mistyped context among thousands is one short sentence, whatever the command."""

import json
import os
from pathlib import Path

import pytest
from msgspec import Struct

from eksview.config.settings import Settings
from eksview.domain.base.errors import UserError
from eksview.engine.connect import open_cluster
from tests.cli.command import call
from tests.crowded_kubeconfig import CONTEXTS, arn, crowded, write_crowded

SHORT = 600
"""Characters that two lines of a wide terminal hold."""


@pytest.fixture(scope="module")
def kubeconfig(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_crowded(tmp_path_factory.mktemp("crowded") / "config")


class Mistake(Struct, frozen=True):
    typed: str
    meant: str


MISTAKES = (
    Mistake("payments-0012", arn(12)),
    Mistake("paymnts-0012", arn(12)),
    Mistake(arn(12)[:-1], arn(12)),
    Mistake("nothing-like-it-at-all", f"config get-contexts` lists all {CONTEXTS:,}"),
    Mistake("y" * 20_000, f"config get-contexts` lists all {CONTEXTS:,}"),
)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.typed[:20])
@pytest.mark.parametrize("command", ["get pods", "doctor"])
def test_a_wrong_context_has_a_short_answer(
    command: str, mistake: Mistake, kubeconfig: Path
) -> None:
    chosen = ("--kubeconfig", str(kubeconfig), "--context", mistake.typed)
    done = call(
        *command.split(), *chosen, env={"PATH": os.environ["PATH"], "HOME": str(kubeconfig.parent)}
    )
    assert done.returncode == 1
    line = (done.stdout + done.stderr).splitlines()[0]
    assert "There is no context" in line
    assert mistake.meant in line
    assert len(line) < SHORT


async def test_the_dashboard_shows_the_same(kubeconfig: Path) -> None:
    """The dashboard shows the reason of `open_cluster`, at its start and after `:ctx`."""
    with pytest.raises(UserError) as caught:
        await open_cluster(Settings(kubeconfig=str(kubeconfig), context="payments-0012"), {})
    assert arn(12) in str(caught.value)
    assert len(str(caught.value)) < SHORT


@pytest.mark.parametrize("kind", ["cluster", "user"])
async def test_so_has_a_context_that_names_what_is_not_there(kind: str, tmp_path: Path) -> None:
    tree = crowded()
    tree["contexts"][0]["context"][kind] = "payments-0012"
    (tmp_path / "config").write_text(json.dumps(tree), encoding="utf-8")
    with pytest.raises(UserError) as caught:
        await open_cluster(Settings(kubeconfig=str(tmp_path / "config")), {})
    assert f"There is no {kind} 'payments-0012'" in str(caught.value)
    assert len(str(caught.value)) < SHORT


async def test_many_files_are_counted(tmp_path: Path) -> None:
    files = [tmp_path / f"{number}-{'x' * 100}" for number in range(50)]
    with pytest.raises(UserError, match="and 49 more files") as caught:
        await open_cluster(Settings(), {"KUBECONFIG": os.pathsep.join(map(str, files))})
    assert len(str(caught.value)) < SHORT
    for file in files:
        write_crowded(file, 2)
    with pytest.raises(UserError, match="and 49 more files") as caught:
        await open_cluster(
            Settings(context="gone"), {"KUBECONFIG": os.pathsep.join(map(str, files))}
        )
    assert len(str(caught.value)) < SHORT
