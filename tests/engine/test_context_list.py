"""The kubeconfig's contexts are read beside the loop, and again only when a file has changed."""

import os
import threading
from pathlib import Path

import pytest

from eksview.config.settings import Settings
from eksview.domain.base.errors import UserError
from eksview.domain.live.backend_protocol import ContextInfo
from eksview.engine import context_list
from eksview.engine.connect import list_contexts
from eksview.engine.context_list import ContextList
from tests.crowded_kubeconfig import arn, write_crowded


@pytest.fixture
def readers(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the thread of each reading."""
    threads: list[int] = []

    def read(*arguments: object) -> tuple[ContextInfo, ...]:
        threads.append(threading.get_ident())
        return list_contexts(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(context_list, "list_contexts", read)
    return threads


async def test_a_file_is_read_in_another_thread_and_once(
    tmp_path: Path, readers: list[int]
) -> None:
    path = write_crowded(tmp_path / "config", 3)
    contexts = ContextList(Settings(kubeconfig=str(path), context=arn(2)), {})
    for chosen, current in ((None, 0), (arn(1), 1), (arn(2), 2)):
        read = await contexts.read(chosen)
        assert [context.current for context in read] == [at == current for at in range(3)]
    assert len(readers) == 1
    assert readers[0] != threading.get_ident()


async def test_a_changed_file_is_read_again(tmp_path: Path, readers: list[int]) -> None:
    path = write_crowded(tmp_path / "config", 3)
    contexts = ContextList(Settings(), {"KUBECONFIG": f"{path}:{tmp_path / 'missing'}"})
    assert len(await contexts.read()) == 3
    write_crowded(tmp_path / "new", 3)
    os.replace(tmp_path / "new", path)  # as kubectl writes it, of the same size
    await contexts.read()
    assert len(readers) == 2
    path.write_text("{", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(UserError, match="isn't valid YAML"):
            await contexts.read()
    path.unlink()
    assert await contexts.read() == ()
