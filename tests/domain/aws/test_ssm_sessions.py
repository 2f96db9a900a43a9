"""Who is on the nodes, in words, and what an alert is about."""

from typing import Any

import pytest

from eksview.domain.aws.ssm_sessions import (
    Openings,
    alert,
    count,
    ended,
    lasted,
    opened,
    person,
    role,
    state,
    users_text,
)
from eksview.domain.rows.aws import SessionRow

NOW = 1_760_000_000.0
ADA = "arn:aws:sts::111122223333:assumed-role/Ops/ada@example.com"


def session(name: str = "ada-1", **fields: Any) -> SessionRow:
    values: dict[str, Any] = {
        "id": name,
        "target": "i-0abc",
        "owner": ADA,
        "started": NOW - 720.0,
        "ended": None,
        "document": "SSM-SessionManagerRunShell",
        "status": "Connected",
        "open": True,
    }
    return SessionRow(**{**values, **fields})


def over(name: str = "ada-0", **fields: Any) -> SessionRow:
    values = {"status": "Terminated", "ended": NOW - 60.0, "open": False}
    return session(name, **{**values, **fields})


@pytest.mark.parametrize(
    ("owner", "name", "assumed"),
    [
        (ADA, "ada@example.com", "Ops"),
        ("arn:aws:iam::111122223333:user/ada", "ada", ""),
        ("arn:aws:iam::111122223333:user/team/ada", "ada", "team"),
        ("arn:aws:iam::111122223333:root", "root", ""),
        ("", "somebody", ""),
        ("arn:aws:sts::1:assumed-role/Ops/a\x1b[2Jb", "a\\x1b[2Jb", "Ops"),
    ],
)
def test_who_opened_it(owner: str, name: str, assumed: str) -> None:
    assert (person(session(owner=owner)), role(session(owner=owner))) == (name, assumed)


@pytest.mark.parametrize(
    ("row", "word"),
    [
        (session(), "connected"),
        (session(status="Disconnected"), "disconnected"),
        (session(status=""), "open"),
        (over(), "terminated"),
        (over(status="Failed"), "failed"),
        (over(status="Connected"), "ended"),
        (over(status="Terminating"), "ended"),
    ],
)
def test_the_state_in_a_word(row: SessionRow, word: str) -> None:
    assert state(row) == word


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (session(), "12m"),
        (over(), "11m"),
        (over(ended=None), ""),
        (session(started=None), ""),
        (session(started=NOW + 30), "0s"),
    ],
)
def test_how_long_it_took(row: SessionRow, text: str) -> None:
    assert lasted(row, NOW) == text


@pytest.mark.parametrize(
    ("rows", "cell", "number"),
    [
        (None, "?", -1),
        ((), "-", 0),
        ((over(),), "-", 0),
        ((session(), over()), "ada@example.com", 1),
        ((session("a"), session("b", owner="x/bob", started=NOW), over()), "bob +1", 2),
    ],
)
def test_a_cell(rows: tuple[SessionRow, ...] | None, cell: str, number: int) -> None:
    assert (users_text(rows), count(rows)) == (cell, number)


def test_the_newest_come_first() -> None:
    rows = [session("a"), session("b", started=NOW), over("c"), over("d", ended=NOW)]
    assert [row.id for row in opened(rows)] == ["b", "a"]
    assert [row.id for row in ended(rows)] == ["d", "c"]


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (1, "p0 opened a session on n0."),
        (2, "2 sessions were opened: p0 on n0 and p1 on n1."),
        (3, "3 sessions were opened: p0 on n0, p1 on n1 and p2 on n2."),
        (40, "40 sessions were opened: p0 on n0, p1 on n1, p2 on n2 and 37 more."),
    ],
)
def test_many_that_open_are_one_sentence(number: int, sentence: str) -> None:
    rows = [session(owner=f"x/p{each}", target=f"n{each}") for each in range(number)]
    assert alert(rows, lambda row: row.target) == sentence


class Told:
    """What was told of, reading by reading."""

    def __init__(self) -> None:
        self.openings = Openings()

    def of(self, *rows: SessionRow, now: float = NOW, read: bool = True) -> list[str]:
        return [row.id for row in self.openings.news(rows, now, read=read)]


def test_what_is_there_from_the_beginning_is_no_news() -> None:
    told = Told()
    assert told.of(session("a"), read=False) == []
    assert told.of(session("a"), session("b")) == []
    assert told.of(session("a", status="Disconnected"), now=NOW + 30) == []


def test_each_that_opens_later_is_news_once() -> None:
    told = Told()
    told.of()
    fresh = session("a", started=NOW + 20)
    assert told.of(fresh, session("b", started=NOW + 25), now=NOW + 30) == ["b", "a"]
    assert told.of(fresh, now=NOW + 60) == []


@pytest.mark.parametrize(
    ("row", "news"),
    [
        (session(started=NOW - 3600), []),  # found late: its instance wasn't known
        (session(started=NOW - 30), ["ada-1"]),  # the clocks differ
        (session(started=None), ["ada-1"]),
        (over(started=NOW + 10, ended=NOW + 20), []),  # over before it was seen
    ],
)
def test_only_what_opened_since_somebody_looks_is_news(row: SessionRow, news: list[str]) -> None:
    told = Told()
    told.of()
    assert told.of(row, now=NOW + 30) == news


def test_another_cluster_begins_anew() -> None:
    told = Told()
    told.of()
    told.openings.forget()
    assert told.of(session(started=NOW + 30), now=NOW + 60) == []


def test_a_session_that_was_lost_may_be_news_again() -> None:
    told = Told()
    told.of()
    fresh = session(started=NOW + 20)
    assert told.of(fresh, now=NOW + 30) == ["ada-1"]
    told.openings.lost(fresh.id)
    assert told.of(fresh, now=NOW + 60) == ["ada-1"]
