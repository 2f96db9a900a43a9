"""A user without an account, as containers with arbitrary uids have them."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from eksview.cli.main import main
from eksview.config.toml_file import read_config

pytestmark = pytest.mark.skipif(os.getuid() != 0, reason="only root can become another user")
UID = 54321


def as_other_user(function: Callable[[], object]) -> str:
    """Return the text of what a function returns or raises in a process of the other user."""
    ours, theirs = os.pipe()
    if (child := os.fork()) == 0:
        os.setgroups([])
        os.setgid(UID)
        os.setuid(UID)
        try:
            text = repr(function())
        except BaseException as error:
            text = repr(error)
        os.write(theirs, text.encode())
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours) as answer:
        text = answer.read()
    os.waitpid(child, 0)
    return text


@pytest.mark.parametrize("home", [None, "", "relative"])
def test_without_a_home_commands_run(
    home: str | None, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    words = ["get", "nodes", "--kubeconfig", "/no-such-file"]
    assert main(words) == 1  # imports all it needs, perhaps from a folder of this user
    error = capfd.readouterr().err
    for name in [name for name in os.environ if name.startswith("XDG_") or name == "HOME"]:
        monkeypatch.delenv(name)
    if home is not None:
        monkeypatch.setenv("HOME", home)
    assert as_other_user(lambda: main(words)) == "1"
    assert capfd.readouterr().err == error != ""


def test_a_configuration_in_a_folder_of_another_user_counts_as_absent(tmp_path: Path) -> None:
    path = tmp_path / "closed" / "config.toml"
    path.parent.mkdir()
    path.write_text("fps = 2\n")
    assert read_config(path).values.options == {"fps": 2.0}
    path.parent.chmod(0)
    assert as_other_user(lambda: read_config(path).lines) == "{}"


def test_a_configuration_that_may_not_be_read_is_an_error(tmp_path: Path) -> None:
    for folder in (tmp_path, *tmp_path.parents):
        if not folder.stat().st_mode & 0o001:
            folder.chmod(0o755)
    path = tmp_path / "config.toml"
    path.write_text("fps = 2\n")
    path.chmod(0)
    assert "config.toml can't be read: Permission denied" in as_other_user(
        lambda: read_config(path)
    )
