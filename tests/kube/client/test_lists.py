"""Lists in pages, from a server that is scripted."""

import json
from types import SimpleNamespace
from typing import Any

from eksview.domain.resources.certificatesigningrequests import RESOURCE
from eksview.kube.client.lists import PAGE, list_rows

KUBELET, OTHER = "kubernetes.io/kubelet-serving", "example.com/other"


async def waits_of(pages: int, objects: int) -> tuple[list[str], list[float]]:
    """Return the names of a list's rows, and the seconds of the waits before its pages."""
    waits: list[float] = []

    async def get_bytes(path: str, query: dict[str, str]) -> bytes:
        number = int(query.get("continue", "0"))
        items = [
            {
                "metadata": {"name": f"{number}-{at}", "uid": f"{number}-{at}"},
                "spec": {"signerName": OTHER if at else KUBELET},
            }
            for at in range(objects)
        ]
        token = "" if number == pages - 1 else str(number + 1)
        return json.dumps({"metadata": {"continue": token}, "items": items}).encode()

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    connection: Any = SimpleNamespace(get_bytes=get_bytes)
    rows = await list_rows(connection, RESOURCE, sleep)
    return [row.name for row in rows], waits


async def test_full_pages_are_read_at_once_though_few_of_their_objects_are_kept() -> None:
    names, waits = await waits_of(pages=5, objects=PAGE)
    assert names == ["0-0", "1-0", "2-0", "3-0", "4-0"]
    assert waits == [0.0] * 4


async def test_the_pages_of_a_server_that_fills_none_are_read_more_slowly() -> None:
    _, waits = await waits_of(pages=5, objects=1)
    assert waits[:2] == [0.0, 0.0]
    assert min(waits[2:]) > 0.0
