"""Files of a kubeconfig that are pipes: `kubectl --kubeconfig <(sops -d file)` works, too."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksview.config import file_bytes as module
from eksview.config.file_bytes import file_bytes
from eksview.config.settings import Settings
from eksview.domain.base.errors import UserError
from eksview.kube.client.kubeconfig.merged import locate

KUBECONFIG = """\
current-context: c
clusters: [{name: k, cluster: {server: "https://h:443", certificate-authority: ca}}]
users: [{name: u, user: {token: t}}]
contexts: [{name: c, context: {cluster: k, user: u}}]
"""
SOON = 0.05  # seconds; nothing is going to be written


@contextmanager
def written(data: bytes) -> Iterator[Path]:
    """A pipe as `<(command)` makes it, to which another thread writes."""
    ours, theirs = os.pipe()

    def write() -> None:
        with os.fdopen(theirs, "wb") as file:
            file.write(data)

    writer = threading.Thread(target=write)
    writer.start()
    yield Path(f"/dev/fd/{ours}")
    writer.join()
    os.close(ours)


@given(st.binary() | st.binary(min_size=1).map(lambda data: data * (200_000 // len(data))))
def test_a_pipe_is_read_to_its_end(data: bytes) -> None:
    with written(data) as path:
        assert file_bytes(path, 60.0) == data


def test_a_kubeconfig_may_come_from_a_pipe() -> None:
    text = KUBECONFIG.replace(", certificate-authority: ca", "")
    with written(text.encode()) as path:
        assert locate(Settings(kubeconfig=str(path)), {}).server == "https://h:443"


def test_a_fifo_without_a_writer_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module.file_bytes, "__defaults__", (SOON,))
    os.mkfifo(tmp_path / "fifo")
    with pytest.raises(UserError, match=r"fifo can't be read: it is a pipe that didn't end within"):
        locate(Settings(kubeconfig=str(tmp_path / "fifo")), {})
    os.mkfifo(tmp_path / "ca")
    (tmp_path / "config").write_text(KUBECONFIG)
    with pytest.raises(UserError, match=r"certificate-authority .* it is a pipe that didn't end"):
        locate(Settings(kubeconfig=str(tmp_path / "config")), {})


def test_a_pipe_that_is_held_open_is_given_up() -> None:
    ours, theirs = os.pipe()
    os.write(theirs, b"apiVersion: v1\n")
    with pytest.raises(OSError, match="a pipe that didn't end"):
        file_bytes(Path(f"/dev/fd/{ours}"), SOON)
    os.close(ours)
    os.close(theirs)


def test_a_device_without_an_end_is_too_large() -> None:
    with pytest.raises(OSError, match="File too large"):
        file_bytes(Path("/dev/zero"), 60.0)
