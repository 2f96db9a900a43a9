"""Texts of decoded JSON, against what Go 1.26 printed of the same JSON by `fmt.Println`."""

import msgspec
import pytest

from eksview.domain.base.go_text import go_text


@pytest.mark.parametrize(
    ("json", "expected"),
    [
        ("0.5", "0.5"),
        ("-2.0", "-2"),
        ("-0.0", "-0"),
        ("1e5", "100000"),
        ("999999.0", "999999"),
        ("123456.5", "123456.5"),
        ("1000000.0", "1e+06"),
        ("-2500000.5", "-2.5000005e+06"),
        ("123456789.0", "1.23456789e+08"),
        ("1.5e20", "1.5e+20"),
        ("1e100", "1e+100"),
        ("0.00012", "0.00012"),
        ("0.00001234", "1.234e-05"),
        ("3.25e-10", "3.25e-10"),
        ("1000000", "1000000"),
        ('{"b": [1, true], "a": null}', "map[a:<nil> b:[1 true]]"),
    ],
)
def test_values_are_printed_as_go_prints_them(json: str, expected: str) -> None:
    assert go_text(msgspec.json.decode(json)) == expected
