"""A kubeconfig is replaced whole, with its mode and owner, and not while kubectl writes it."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from eksview.domain.base.errors import UserError
from eksview.kube.client.kubeconfig.writer import TRIES, Sleep, rewrite


def upper(data: bytes) -> bytes:
    return data.upper()


async def never(seconds: float) -> None:
    pytest.fail("waited")


def run(path: Path, change: Callable[[bytes], bytes], sleep: Sleep = never) -> None:
    asyncio.run(rewrite(path, change, sleep))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "config"
    file.write_bytes(b"old and long")
    file.chmod(0o640)
    return file


def test_a_new_file_takes_the_place_of_the_old_one(path: Path) -> None:
    with path.open("rb") as reader:
        run(path, lambda data: b"new")
        assert reader.read() == b"old and long"  # kubectl, reading meanwhile, sees all of it
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o640
    assert os.listdir(path.parent) == ["config"]


def test_the_same_text_is_not_written(path: Path) -> None:
    before = path.stat()
    run(path, bytes)
    assert path.stat() == before


def test_a_link_still_points_to_its_file(path: Path) -> None:
    folder = path.parent / "dotfiles"
    folder.mkdir()
    link = path.rename(folder / "kubeconfig")
    path.symlink_to(link)
    run(path, upper)
    assert path.is_symlink()
    assert link.read_bytes() == b"OLD AND LONG"


def test_a_file_with_two_names_keeps_both(path: Path) -> None:
    other = path.parent / "other"
    other.hardlink_to(path)
    run(path, lambda data: b"new")
    assert other.read_bytes() == path.read_bytes() == b"new"


def test_a_file_that_cannot_be_replaced_is_written_into(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> None:  # as for a file that is mounted into a container
        raise OSError(16, "Device or resource busy")

    monkeypatch.setattr(os, "replace", busy)
    run(path, lambda data: b"new")
    assert path.read_bytes() == b"new"
    assert os.listdir(path.parent) == ["config"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_the_owner_stays(path: Path) -> None:
    os.chown(path, 65534, 65533)
    run(path, upper)
    assert (path.stat().st_uid, path.stat().st_gid) == (65534, 65533)


def test_it_waits_for_another_command(path: Path) -> None:
    lock = Path(f"{path}.lock")
    lock.touch()
    waits = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            os.unlink(lock)

    run(path, upper, sleep)
    assert path.read_bytes() == b"OLD AND LONG"
    assert not lock.exists()


def test_a_lock_file_that_stays_is_named_and_left(path: Path) -> None:
    lock = Path(f"{path}.lock")
    lock.touch()
    waits = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    with pytest.raises(UserError, match=r"config\.lock exists, so another command is"):
        run(path, upper, sleep)
    assert lock.exists()
    assert path.read_bytes() == b"old and long"
    assert len(waits) == TRIES - 1


def test_the_lock_file_is_there_while_the_file_is_changed(path: Path) -> None:
    def change(data: bytes) -> bytes:
        assert Path(f"{path}.lock").exists()
        raise ValueError("it has no user 'u'")

    with pytest.raises(UserError, match=r"config can't be written: it has no user 'u'\."):
        run(path, change)
    assert os.listdir(path.parent) == ["config"]


def test_a_folder_without_the_right_to_write_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"gone/config can't be written: No such file"):
        run(tmp_path / "gone" / "config", upper)
