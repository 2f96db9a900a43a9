"""Lines of a log: cut, read on, kept in order, decoded and named."""

import random

import pytest

from eksview.domain.base.health import Health
from eksview.domain.base.text import Clean
from eksview.domain.filter.line_filter import LineFilter
from eksview.domain.logs.decode import decoded
from eksview.domain.logs.inbox import BYTES, LINES, LogInbox, LogSource
from eksview.domain.logs.json_line import columns, json_line, pretty
from eksview.domain.logs.level import level_of
from eksview.domain.logs.line import LogLine, stamped, text_of
from eksview.domain.logs.resume import ResumePoint
from eksview.domain.logs.ring import LogRing
from eksview.domain.logs.sgr import PLAIN, Sgr, after
from eksview.domain.logs.source_names import short_names
from eksview.domain.logs.splitter import LONGEST, StampedLines
from eksview.domain.logs.view_lines import LogLines

STAMP = b"2027-01-15T08:00:00.123456789Z"


def at(second: float, text: str = "x", source: int = 0) -> LogLine:
    return source, stamped(1_800_000_000 + second, text.encode())


# cutting


def test_lines_are_the_same_however_the_stream_is_cut() -> None:
    whole = b"".join(STAMP + b" line %d\n" % number for number in range(50))
    expected = StampedLines().feed(whole)
    chance = random.Random(1)
    for _ in range(20):
        lines, out, rest = StampedLines(), list[bytes](), whole
        while rest:
            size = chance.randrange(1, 90)
            out += lines.feed(rest[:size])
            rest = rest[size:]
        assert out == expected


@pytest.mark.parametrize("chunk", [1_000, 64 * 1024, 20_000_000])
def test_a_line_of_10_mb_is_cut_with_a_note_and_the_next_one_is_whole(chunk: int) -> None:
    line = STAMP + b" " + b"x" * 10_000_000
    stream = line + b"\n" + STAMP + b" next\n"
    lines = StampedLines()
    out = [
        each for at in range(0, len(stream), chunk) for each in lines.feed(stream[at : at + chunk])
    ]
    assert len(out) == 2
    assert len(out[0]) < LONGEST + 200
    dropped = len(line) - LONGEST
    assert out[0].endswith(f"({dropped:,} bytes of this line are left out)".encode())
    assert out[1] == STAMP + b" next"


def test_a_time_of_another_zone_or_precision_is_brought_to_utc() -> None:
    lines = StampedLines()
    assert lines.feed(b"2027-01-15T10:00:00.5+02:00 a\n") == [b"2027-01-15T08:00:00.500000000Z a"]
    assert lines.feed(b"2027-01-15T08:00:01Z b\n") == [b"2027-01-15T08:00:01.000000000Z b"]
    assert lines.feed(b"failed to watch file\n") == [
        b"2027-01-15T08:00:01.000000000Z failed to watch file"
    ]


# reading on


def test_a_log_is_read_on_where_it_was_left_among_lines_of_one_time() -> None:
    point = ResumePoint()
    lines = [b"%s %d" % (stamp, number) for number, stamp in enumerate([STAMP] * 3)]
    assert point.fresh(lines[:2]) == lines[:2]
    assert point.since == "2027-01-15T08:00:00Z"
    point.again()
    assert point.fresh(lines) == lines[2:]
    assert not point.gap


def test_a_gap_is_noticed_if_the_last_line_does_not_come_again() -> None:
    point = ResumePoint()
    point.fresh([STAMP + b" last"])
    point.again()
    later = b"2027-01-15T08:00:09.000000000Z later"
    assert point.fresh([later]) == [later]
    assert point.gap


def test_a_log_whose_clock_was_set_back_is_read_on_from_its_last_line() -> None:
    """The kubelet's `ReadLogs` leaves out each line before `sinceTime`, wherever it stands."""
    log = [
        b"2027-01-15T08:00:%02d.%09dZ %d" % (second, second, number)
        for number, second in enumerate([40, 41, 42, 10, 11, 12, 13, 14])
    ]
    point = ResumePoint()
    read = point.fresh(log[:5])
    point.again()
    again = [line for line in log if line[:19] >= point.since[:19].encode()]
    read += point.fresh(again[:2])  # the connection is lost once more
    point.again()
    read += point.fresh(again)
    assert read == log
    assert not point.gap


def test_lines_of_two_outputs_that_are_stamped_out_of_order_come_once() -> None:
    log = [b"2027-01-15T08:00:00.00000000%dZ %d" % (at, at) for at in (1, 3, 2, 4)]
    point = ResumePoint()
    read = point.fresh(log[:3])
    point.again()
    assert read + point.fresh(log) == log


# keeping


def test_late_lines_are_sorted_in_and_lines_of_one_time_keep_their_order() -> None:
    ring = LogRing()
    ring.add([at(1, "a"), at(3, "c1"), at(3, "c2"), at(9, "d")])
    changed = ring.merge([at(2, "b", 1), at(10, "e", 1)])
    assert [text_of(ring[n]) for n in range(ring.first, ring.end)] == [
        *(b"a", b"b", b"c1", b"c2", b"d", b"e")
    ]
    assert changed == 1


def test_lines_that_are_not_merged_stay_in_the_order_they_were_written() -> None:
    lines = LogLines()
    lines.merged = False
    lines.add([at(50, "a"), at(60, "b")])
    changed = lines.add([at(70, "c"), at(30, "the clock was set back"), at(31, "d")])
    assert changed == 2
    assert lines.mark(1_800_000_000) == 5
    assert [text_of(line) for line in lines.ring.lines(0, 5)] == [
        *(b"a", b"b", b"c", b"the clock was set back", b"d")
    ]


def test_the_ring_is_bounded_in_lines_and_in_bytes() -> None:
    ring = LogRing(lines=10)
    ring.add([at(n) for n in range(25)])
    assert (ring.first, ring.end, len(ring)) == (15, 25, 10)
    ring = LogRing(size=10_000)
    ring.add([at(n, "x" * 1_000) for n in range(50)])
    assert ring.size <= 10_000
    assert ring.size == sum(len(ring[n][1]) + 100 for n in range(ring.first, ring.end))
    assert text_of(ring[ring.end - 1]) == b"x" * 1_000


def test_an_inbox_counts_the_lines_for_which_there_is_no_room() -> None:
    inbox = LogInbox()
    inbox.put(at(n, str(n)) for n in range(LINES + 7))
    taken = inbox.take()
    assert (len(taken.lines), taken.left_out) == (LINES, 7)
    assert text_of(taken.lines[0]) == b"7"
    inbox.put(at(n, "x" * 1024 * 1024) for n in range(BYTES // 1024 // 1024 + 2))
    assert inbox.full
    assert inbox.take().left_out > 0
    assert inbox.take() == inbox.take()


# showing


def filtered(lines: LogLines) -> list[int]:
    return list(lines.shown)


def test_a_filter_goes_on_while_lines_come_and_leave() -> None:
    lines = LogLines(LogRing(lines=100))
    lines.add([at(n, f"n{n % 10}") for n in range(100)])
    lines.select(LineFilter("n3"), narrowed=True, only=None)
    assert filtered(lines) == [3, 13, 23, 33, 43, 53, 63, 73, 83, 93]
    lines.add([at(n, f"n{n % 10}") for n in range(100, 150)])
    assert filtered(lines) == [53, 63, 73, 83, 93, 103, 113, 123, 133, 143]
    assert lines.next_match(83, 1) == 93
    assert lines.next_match(83, -1) == 73
    lines.select(LineFilter("!n3"), narrowed=True, only=None)
    assert len(filtered(lines)) == 90


def test_new_lines_are_kept_at_once_and_the_filter_looks_at_them_in_slices() -> None:
    now = 0.0

    def clock() -> float:
        nonlocal now
        now += 0.003  # what a piece takes
        return now

    lines = LogLines(LogRing(lines=6_000), clock=clock)
    lines.add([at(n, f"n{n % 10}") for n in range(2_000)])
    lines.select(LineFilter("n3"), narrowed=True, only=None)
    lines.add([at(n, f"n{n % 10}") for n in range(2_000, 5_000)])
    assert len(lines.ring) == 5_000
    assert lines.behind
    lines.add([at(1_500.5, "n3 late"), *(at(n, f"n{n % 10}") for n in range(5_000, 6_999))])
    while lines.unfinished:
        lines.work()
    assert not lines.behind
    texts = [text_of(lines.ring[number]) for number in range(lines.ring.first, lines.ring.end)]
    found = [text_of(lines.ring[number]) for number in lines.shown]
    assert found == [text for text in texts if b"n3" in text]
    assert found.count(b"n3 late") == 1
    assert lines.hits == list(lines.shown)


def test_a_filter_looks_at_old_lines_in_slices_and_ends_with_all() -> None:
    now = 0.0

    def clock() -> float:
        nonlocal now
        now += 0.003
        return now

    lines = LogLines(clock=clock)
    lines.add([at(n, "even" if n % 2 == 0 else "odd") for n in range(40_000)])
    lines.select(LineFilter("even"), narrowed=True, only=None)
    assert lines.unfinished
    assert 0 < len(filtered(lines)) < 20_000
    while lines.unfinished:
        lines.work()
    assert filtered(lines) == list(range(0, 40_000, 2))


# decoding


def test_colors_become_styles_and_all_other_sequences_are_dropped() -> None:
    raw = b"\x1b]0;t\x07a\x1b[1;38;5;208mb\x1b[0mc\x1b[2J\x1b[?25l\x1bPq\x1b\\d\x1b[31"
    text = decoded(raw)
    assert text.text == "abcd"
    (run,) = text.runs
    assert (run.start, run.end, run.style) == (1, 2, Sgr(fg=208, bold=True))


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"bad \xff\xfe end", "bad \\xff\\xfe end"),
        (b"nul \x00 end", "nul \\x00 end"),
        (b"10%\r50%\r100%", "10%\\r50%\\r100%"),
        (b"windows\r", "windows"),
        ("right \u202eleft".encode(), "right \\u202eleft"),
        (b"\tat com.shop", "    at com.shop"),
        (b"password=hunter22 \x1b[31mred\x1b[0m", "password=… red"),
    ],
)
def test_what_is_not_printable_is_shown_as_an_escape(raw: bytes, text: str) -> None:
    assert decoded(raw).text == text


def test_sgr_sequences() -> None:
    assert after(PLAIN, "38;2;1;2;3") == Sgr(fg=(1, 2, 3))
    assert after(PLAIN, "97;44") == Sgr(fg=15, bg=4)
    assert after(Sgr(bold=True, fg=1), "") == PLAIN
    assert after(Sgr(bold=True, fg=1), "22;39") == PLAIN
    assert after(PLAIN, "38;5;999") == PLAIN
    assert after(PLAIN, "8;5;73") == PLAIN


@pytest.mark.parametrize(
    ("line", "health"),
    [
        ('{"level":"error","msg":"x"}', Health.BAD),
        ("time=x level=warn msg=y", Health.WARN),
        ("2027-01-15 INFO started", Health.OK),
        ("E0115 08:00:00.000000       1 proxier.go:1] x", Health.BAD),
        ("[DEBUG] x", Health.UNKNOWN),
        ('"GET / HTTP/1.1" 503 1', Health.BAD),
        ('{"level":50,"msg":"x"}', Health.BAD),
        ("no information about errors", None),
    ],
)
def test_the_level_of_a_line(line: str, health: Health | None) -> None:
    level = level_of(line)
    assert (level.health if level else None) == health


def test_a_json_line_as_columns_and_over_several_lines() -> None:
    parts = json_line('{"ts":1,"severity":"warning","message":"slow","n":{"a":[1,2]},"s":"a b"}')
    assert parts is not None
    assert columns(parts) == 'WARNING  slow  n={"a":[1,2]}  s="a b"'
    assert pretty(parts)[-1] == "}"
    assert '  "n": {' in pretty(parts)
    assert json_line("{not json}") is None
    assert json_line("[1]") is None
    assert json_line("{" * 100_000 + "}" * 100_000) is None


def names_of(*sources: tuple[str, str]) -> list[str]:
    made = [
        LogSource(number, Clean("shop"), Clean(pod), Clean(container))
        for number, (pod, container) in enumerate(sources)
    ]
    names = short_names(made)
    return [names[number] for number in range(len(made))]


def test_short_names_of_sources_are_unique() -> None:
    assert names_of(("web-7d876db474-x2x9f", "web"), ("web-7d876db474-x2x9f", "envoy")) == [
        "web",
        "envoy",
    ]
    assert names_of(("web-7d876db474-x2x9f", "web"), ("web-7d876db474-bbbbb", "web")) == [
        "x2x9f",
        "bbbbb",
    ]
    several = names_of(
        ("web-7d876db474-x2x9f", "web"), ("web-7d876db474-bbbbb", "web"),
        ("cart-5f8c7d9b64-4gkhs", "cart"), ("db-0", "pg"), ("db-1", "pg"),
    )  # fmt: skip
    assert len(set(several)) == 5
    assert several[2] == "cart/cart"
