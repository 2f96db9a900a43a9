"""Queries and answers of Prometheus. Truth: Prometheus documentation, "HTTP API"."""

import json
from typing import Any

import pytest

from eksview.domain.base.errors import UserError
from eksview.domain.history.prometheus import (
    MOST_POINTS,
    WINDOWS,
    Endpoint,
    UsageHistory,
    decoded,
    endpoint_of,
    node_queries,
    range_query,
)

HOUR = WINDOWS[0]
END = 1_800_000_000.0


def body(*values: tuple[float, str], **more: Any) -> bytes:
    result = [{"metric": {}, "values": [list(pair) for pair in values]}]
    data = {"resultType": "matrix", "result": result}
    return json.dumps({"status": "success", "data": data} | more).encode()


def test_points_are_in_order_and_what_is_no_number_is_a_gap() -> None:
    answer = body((END, "2"), (END - 60, "1.5"), (END - 30, "NaN"), (END - 90, "+Inf"))
    assert decoded(answer, HOUR, END).points == ((END - 60, 1.5), (END, 2.0))


def test_warnings_of_a_partial_answer_are_kept_once() -> None:
    warning = "error from 10.0.1.9:10901: No StoreAPIs matched; partial response"
    series = decoded(body((END, "2"), warnings=[warning]), HOUR, END)
    assert series.points == ((END, 2.0),)
    assert UsageHistory("mon/thanos", (series, series), (series,)).warnings == (warning,)


def test_an_answer_without_a_series_has_no_points() -> None:
    empty = b'{"status":"success","data":{"resultType":"matrix","result":[]}}'
    assert decoded(empty, HOUR, END).points == ()


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"<!doctype html><title>Sign in</title>", "a web page"),
        (b"\xff\x00", "something else"),
        (b'{"status":"error","errorType":"bad_data","error":"parse error at char 4"}',
         "parse error at char 4"),
        (b'{"kind":"Status"}', "no reason given"),
        (body(*((END - n, "1") for n in range(MOST_POINTS + 1))), "points"),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_a_sentence(answer: bytes, reason: str) -> None:
    with pytest.raises(UserError, match=reason):
        decoded(answer, HOUR, END)


def test_no_window_has_more_points_than_a_chart_takes() -> None:
    for window in WINDOWS:
        query = range_query("up", window, END + 7)
        assert (int(query["end"]) - int(query["start"])) / int(query["step"]) + 1 <= MOST_POINTS
        assert int(query["end"]) % window.step == 0


@pytest.mark.parametrize(
    ("text", "endpoint"),
    [
        ("monitoring/prometheus:9090",
         Endpoint("/api/v1/namespaces/monitoring/services/prometheus:9090/proxy")),
        ("monitoring/https:prometheus:web",
         Endpoint("/api/v1/namespaces/monitoring/services/https:prometheus:web/proxy")),
        ("https://p.example.com/x/", Endpoint(url="https://p.example.com/x")),
        ("https://aps-workspaces.eu-central-1.amazonaws.com/workspaces/ws-1",
         Endpoint(url="https://aps-workspaces.eu-central-1.amazonaws.com/workspaces/ws-1",
                  region="eu-central-1")),
        ("https://aps-workspaces.eu-central-1.amazonaws.com.evil.example/ws",
         Endpoint(url="https://aps-workspaces.eu-central-1.amazonaws.com.evil.example/ws")),
        ("prometheus", None),
        ("ftp://prometheus", None),
    ],
)  # fmt: skip
def test_an_endpoint_is_a_service_or_a_url(text: str, endpoint: Endpoint | None) -> None:
    assert endpoint_of(text) == endpoint


def test_a_nodes_name_is_no_pattern() -> None:
    query = node_queries("ip-10-0-1-17.internal", "10.0.1.17", HOUR)["cpu"]
    assert "(ip\\\\-10\\\\-0\\\\-1\\\\-17\\\\.internal|10\\\\.0\\\\.1\\\\.17)" in query
