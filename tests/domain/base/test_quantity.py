"""Quantities in, a few characters out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksview.domain.base.quantity import cpu_milli, percent, show_cpu, show_size, size_bytes


@pytest.mark.parametrize(
    ("text", "milli"),
    [
        ("1", 1000),
        ("250m", 250),
        ("0.1", 100),
        ("1.5", 1500),
        (".5", 500),
        ("2.", 2000),
        ("1930m", 1930),
        ("1500000u", 1500),
        ("100n", 1),  # rounded up, as Quantity.MilliValue does
        ("1e3", 1_000_000),
        ("1E-1", 100),
        ("2k", 2_000_000),
        ("+1", 1000),
        ("-1", -1000),
        ("", 0),
        ("many", 0),
        ("1 ", 0),
        ("1mi", 0),
        ("１", 0),
        ("1e999999999", 0),
        ("9" * 5000, 0),
    ],
)
def test_cpu_is_read_as_milli_cores(text: str, milli: int) -> None:
    assert cpu_milli(text) == milli


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("3840Mi", 3840 * 2**20),
        ("1Gi", 2**30),
        ("0.5Gi", 2**29),
        ("128M", 128 * 10**6),
        ("1k", 1000),
        ("1Ki", 1024),
        ("1E", 10**18),
        ("1e3", 1000),
        ("12e6", 12 * 10**6),
        ("129m", 1),
        ("58", 58),
        ("16Ei", 2**63 - 1),  # what an int64 holds, as in Go
        ("1K", 0),
        ("nan", 0),
    ],
)
def test_sizes_are_read_as_bytes(text: str, size: int) -> None:
    assert size_bytes(text) == size


@pytest.mark.parametrize(
    ("milli", "text"),
    [
        (0, "0"),
        (250, "250m"),
        (1000, "1"),
        (1500, "1.5"),
        (1930, "1.93"),
        (12_340, "12.3"),
        (64_000, "64"),
        (512_600, "513"),
    ],
)
def test_cpu_is_shown_short(milli: int, text: str) -> None:
    assert show_cpu(milli) == text


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0"),
        (512, "512"),
        (1023, "1023"),
        (1024, "1Ki"),
        (128 * 2**20, "128Mi"),
        (3840 * 2**20, "3.8Gi"),
        (2**30 - 1, "1Gi"),
        (768 * 2**40, "768Ti"),
        (2**70, "1024Ei"),
    ],
)
def test_sizes_are_shown_short(size: int, text: str) -> None:
    assert show_size(size) == text


@given(st.integers(0, 10**9))
def test_shown_cpu_reads_back_within_a_percent(milli: int) -> None:
    assert cpu_milli(show_cpu(milli)) == pytest.approx(milli, rel=0.01)


@given(st.integers(0, 2**62))
def test_shown_sizes_read_back_within_five_percent(size: int) -> None:
    assert size_bytes(show_size(size)) == pytest.approx(size, rel=0.05, abs=1)


@given(st.integers(0, 2**40), st.sampled_from(["", "k", "M", "Ki", "Mi"]))
def test_whole_quantities_scale_exactly(number: int, suffix: str) -> None:
    scale = {"": 1, "k": 10**3, "M": 10**6, "Ki": 2**10, "Mi": 2**20}[suffix]
    assert size_bytes(f"{number}{suffix}") == number * scale


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    assert isinstance(cpu_milli(text), int)
    assert isinstance(size_bytes(text), int)


@pytest.mark.parametrize(
    ("part", "whole", "share"), [(620, 1000, 62), (999, 1000, 99), (2000, 1000, 200), (1, 0, None)]
)
def test_percents_are_cut_off(part: int, whole: int, share: int | None) -> None:
    assert percent(part, whole) == share
