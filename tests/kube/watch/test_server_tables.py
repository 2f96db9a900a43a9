"""A server's tables by the reflector: pages, then events that have the columns only once.

Shapes are those of kube-apiserver 1.32 (`asTable` and the watch's encoder in
apiserver/pkg/endpoints/handlers/response.go).
"""

import json
from time import time
from typing import Any

import pytest

from eksview.domain.kube.api_resource import ApiResource
from eksview.domain.kube.server_table import ObjectRow, ObjectTableKey
from eksview.domain.live.retry import Failure
from eksview.domain.live.trust import Trust, trust
from eksview.domain.resources.server_objects import ServerObjects
from eksview.domain.rows.link import Phase
from eksview.kube.client.errors import RequestError
from eksview.kube.watch.list_period import POLLED
from eksview.kube.watch.valued_resource import with_values
from eksview.kube.watch.watched_resource import Denied, WatchedResource
from tests.kube.watch.scripted import HANG, Run, ScriptedConnection
from tests.patience import until

WIDGETS = ApiResource(
    "example.com", "v1", "widgets", "Widget", "widget", verbs=("get", "list", "watch")
)
KEY = ObjectTableKey("widgets.example.com")
CREATED = "2026-01-01T00:00:00Z"
CREATED_AT = 1767225600.0
OF_PATH = "Custom resource definition column (in JSONPath format): "


def column(name: str, kind: str = "string", **fields: Any) -> dict[str, Any]:
    plain = {"format": "", "description": "", "priority": 0}
    return {"name": name, "type": kind, **plain, **fields}


NAME = column("Name", format="name", description="Name must be unique within a namespace.")
SIZE = column("Size", "integer", priority=1, description=f"{OF_PATH}.spec.size")
AGE = column("Age", "date", description=f"{OF_PATH}.metadata.creationTimestamp")
COLUMNS = [NAME, SIZE, AGE]


def row(name: str, *cells: Any, version: str = "1", **metadata: Any) -> dict[str, Any]:
    meta = {"name": name, "namespace": "shop", "uid": f"uid-{name}", "resourceVersion": version,
            "creationTimestamp": CREATED, **metadata}  # fmt: skip
    return {"cells": [name, *cells], "object": {"kind": "PartialObjectMetadata", "metadata": meta}}


def table(
    *rows: dict[str, Any],
    columns: list[dict[str, Any]] | None = COLUMNS,
    version: str = "1",
    more: str = "",
) -> dict[str, Any]:
    meta = {"resourceVersion": version} | ({"continue": more} if more else {})
    return {"kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": meta,
            "columnDefinitions": columns, "rows": list(rows)}  # fmt: skip


def page(*rows: dict[str, Any], **fields: Any) -> bytes:
    return json.dumps(table(*rows, **fields)).encode()


def event(kind: str, item: dict[str, Any]) -> bytes:
    return json.dumps({"type": kind, "object": item}).encode() + b"\n"


def bookmark(version: str) -> bytes:
    hollow = {"cells": [], "object": {"kind": "PartialObjectMetadata",
                                      "metadata": {"resourceVersion": version}}}  # fmt: skip
    return event("BOOKMARK", table(hollow, columns=None, version=version))


def following(*answers: Any, pages: tuple[Any, ...], **fields: Any) -> Run:
    source = WatchedResource(ServerObjects(fields.pop("of", WIDGETS), time), KEY.link, **fields)
    return Run(ScriptedConnection(*answers, pages=pages), source)


def rows(run: Run) -> dict[str, ObjectRow]:
    held = {row.name: row for row in run.sink.tables[KEY].values() if isinstance(row, ObjectRow)}
    assert len(held) == len(run.sink.tables[KEY])
    return held


def texts(run: Run, name: str, now: float = CREATED_AT + 300) -> list[str]:
    found = rows(run)[name]
    return [found.text(at, now) for at in range(len(found.columns.columns))]


async def test_a_table_is_listed_in_pages_and_then_watched() -> None:
    run = following(
        [
            event("ADDED", table(row("c", 3, "0s", version="6"), version="6")),
            event("MODIFIED", table(row("a", 9, "1s"), columns=None, version="7")),
            event("DELETED", table(row("b", 2, "1s"), columns=None, version="8")),
            bookmark("12"),
        ],
        pages=(page(row("a", 1, "4m"), more="next"), page(row("b", None, "4m"), version="5")),
    )
    resumed = await run.until_watch(2)
    first, second = run.connection.pages
    assert (first["limit"], first["includeObject"]) == ("500", "Metadata")
    assert second["continue"] == "next"
    assert run.connection.watches[0]["resourceVersion"] == "5"
    assert "sendInitialEvents" not in run.connection.watches[0]
    assert resumed["resourceVersion"] == "12"
    assert texts(run, "a") == ["a", "9", "5m"]
    assert texts(run, "c", CREATED_AT + 3600 * 50) == ["c", "3", "2d2h"]
    assert set(rows(run)) == {"a", "c"}
    titles = [each.title for each in rows(run)["c"].columns.columns]
    assert titles == ["NAME", "SIZE", "AGE"]


async def test_an_age_is_counted_on_but_only_that_of_the_object() -> None:
    """A column of another time keeps the server's text, whatever its name."""
    other = column("Age", "date", description=f"{OF_PATH}.status.lastTime")
    run = following(pages=(page(row("a", "7m"), columns=[NAME, other]),))
    await run.until_watch(1)
    assert texts(run, "a", CREATED_AT + 1e6) == ["a", "7m"]


async def test_columns_may_change_with_the_next_list() -> None:
    expired = event("ERROR", {"kind": "Status", "code": 410, "reason": "Expired"})
    run = following(
        [event("ADDED", table(row("b", 2, "1s"), version="6")), expired],
        pages=(page(row("a", 1, "1m")), page(row("a", "big"), columns=[NAME, column("Weight")])),
    )
    await run.until_watch(2)
    assert texts(run, "a") == ["a", "big"]
    assert rows(run)["a"].columns.columns[1].title == "WEIGHT"
    assert set(rows(run)) == {"a"}


async def test_a_server_without_tables_gives_name_and_age() -> None:
    """kubectl prints NAME and AGE then."""
    meta = {"name": "a", "uid": "1", "namespace": "shop", "creationTimestamp": CREATED}
    item = {"kind": "Widget", "metadata": meta}
    body = {"kind": "WidgetList", "metadata": {"resourceVersion": "4"}, "items": [item]}
    changed = {"kind": "Widget", "metadata": meta | {"name": "b", "uid": "2"}}
    run = following([event("ADDED", changed)], pages=(json.dumps(body).encode(),))
    await run.until_watch(2)
    assert texts(run, "a") == ["a", "5m"]
    assert texts(run, "b") == ["b", "5m"]


async def test_a_row_that_is_odd_costs_no_other() -> None:
    odd = {"cells": None, "object": {"metadata": {"name": 7, "uid": "x", "labels": {"a": 1}}}}
    body = page(row("a", 1, "1m", "beyond"), odd, {"cells": ["short"], "object": None})
    run = following(pages=(body,))
    await run.until_watch(1)
    assert texts(run, "a") == ["a", "1", "5m"]
    assert len(run.sink.tables[KEY]) == 3
    assert [bool(each.undecoded) for each in rows(run).values()].count(True) == 1


async def test_cells_are_as_kubectl_prints_them() -> None:
    """Source: kubectl's printRows: the first line, nothing for null, else Go's fmt.Sprint."""
    columns = [NAME, *map(column, "ABCDE")]
    body = page(row("a", "one\ntwo", None, True, 1.5, ["x", 2]), columns=columns)
    run = following(pages=(body,))
    await run.until_watch(1)
    assert texts(run, "a") == ["a", "one...", "", "true", "1.5", "[x 2]"]


async def test_a_resource_that_is_deleted_while_it_is_shown_says_so() -> None:
    gone = RequestError("404 page not found.", Failure(404))
    run = following([], gone, pages=(page(row("a", 1, "1m")), gone, page(row("b", 1, "1m"))))
    await run.until_watch(3)
    assert any("no resource widgets.example.com" in each for each in run.sink.reasons)
    assert Phase.RETRYING in run.sink.phases
    assert set(rows(run)) == {"b"}  # it came back


async def test_an_api_service_that_is_down_is_asked_again() -> None:
    down = RequestError("The server failed with 503.", Failure(503))
    run = following(pages=(down, page(row("a", 1, "1m"))))
    await run.until_watch(1)
    assert run.sink.phases[:4] == [Phase.CONNECTING, Phase.LISTING, Phase.RETRYING, Phase.LISTING]
    assert set(rows(run)) == {"a"}


async def test_a_refusal_says_which_rule_is_missing() -> None:
    refused = RequestError("widgets is forbidden.", Failure(403))
    with pytest.raises(Denied):  # then its namespaces are tried
        await following(pages=(refused,), narrow=True).until_it_gives_up()
    run = following(pages=(refused, page()))
    await run.until_watch(1)
    link = next(each for each in run.sink.told if each.phase is Phase.REFUSED)
    assert link.missing is not None
    assert (link.missing.verb, link.missing.resource, link.missing.group) == (
        "list", "widgets", "example.com",
    )  # fmt: skip


async def test_what_has_no_watch_is_listed_again() -> None:
    unwatched = ApiResource("metrics.k8s.io", "v1beta1", "widgets", "Widget", verbs=("list",))
    key = ObjectTableKey("widgets.metrics.k8s.io")
    first, second = page(row("a", 1, "1m")), page(row("b", 1, "1m"))
    run = following(pages=(first, second, HANG), of=unwatched)
    async with run.following():
        await until(lambda: len(run.connection.pages) == 3)
    assert set(run.sink.tables[key]) == {"uid-b"}
    assert run.waits == [POLLED, POLLED]
    assert run.connection.watches == []
    assert trust(run.sink.told[-1]) is Trust.LISTED


@pytest.mark.parametrize("values", [(), ("jsonpath:.status.phase",)])
async def test_a_list_without_items_has_its_columns(values: tuple[str, ...]) -> None:
    source = with_values(ServerObjects(WIDGETS, time), "widgets", {"widgets": values})
    run = Run(ScriptedConnection(pages=(page(),)), WatchedResource(source, KEY.link))
    await run.until_watch(1)
    columns = run.sink.columns[KEY]
    assert columns is not None
    assert [each.title for each in columns.columns] == ["NAME", "SIZE", "AGE"]
