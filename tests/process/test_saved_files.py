"""Files that a person saves."""

import os
import stat
from pathlib import Path

import pytest

from eksview.domain.base.errors import UserError
from eksview.process.saved_files import NewFile, file_name, save_folder
from tests.ui.harness import NOW


def saved(folder: Path, name: str = "pods.csv", text: str = "a\n") -> Path:
    file = NewFile(folder, name)
    file.write(text)
    file.close()
    return file.path


def test_a_new_folder_and_file_are_their_owners_alone(tmp_path: Path) -> None:
    path = saved(tmp_path / "deep" / "saved")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert path.read_text() == "a\n"


def test_no_file_is_replaced(tmp_path: Path) -> None:
    paths = [saved(tmp_path, text=f"{number}") for number in range(3)]
    assert [path.name for path in paths] == ["pods.csv", "pods-1.csv", "pods-2.csv"]
    assert paths[0].read_text() == "0"


def test_a_link_of_that_name_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    (tmp_path / "pods.csv").symlink_to(victim)
    assert saved(tmp_path).name == "pods-1.csv"
    assert not victim.exists()


def test_a_name_is_safe_in_any_file_system() -> None:
    assert file_name("prod-pods", NOW, "csv") == "prod-pods-20251009T085320Z.csv"
    assert file_name("../../etc/passwd", NOW, "csv").startswith("etc_passwd-")
    assert "/" not in file_name("arn:aws:eks:us-west-2:1:cluster/prod", NOW, "csv")
    assert len(os.fsencode(file_name("x" * 500, NOW, "json"))) < 255
    assert file_name("///", NOW, "svg").startswith("eksview-")


def test_a_folder_is_absolute_and_may_begin_with_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ops")
    assert save_folder("~/reports") == Path("/home/ops/reports")
    assert save_folder("reports").is_absolute()


def test_a_folder_that_is_a_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    for folder in (tmp_path / "taken", tmp_path / "taken" / "below"):
        with pytest.raises(UserError, match=r"Not saved in .*taken.*: Not a directory"):
            NewFile(folder, "pods.csv")


def test_a_full_disk_says_so_and_leaves_nothing(tmp_path: Path) -> None:
    file = NewFile(tmp_path, "pods.csv")
    file._file.close()
    full = os.open("/dev/full", os.O_WRONLY)  # Linux's device that is always full
    file._file = os.fdopen(full, "w")
    with pytest.raises(UserError, match="No space left on device"):
        file.write("x" * 100_000)
    file.discard()
    assert list(tmp_path.iterdir()) == []
