"""Lines out of chunks, however they were cut."""

from hypothesis import given
from hypothesis import strategies as st

from eksview.kube.watch.line_splitter import LineSplitter


@given(st.lists(st.binary(max_size=20)))
def test_however_it_is_cut_the_whole_lines_come_out(chunks: list[bytes]) -> None:
    lines = LineSplitter()
    out = [line for chunk in chunks for line in lines.feed(chunk)]
    *whole, rest = b"".join(chunks).split(b"\n")
    assert out == [line for line in whole if line]
    assert lines.cut == bool(rest)
