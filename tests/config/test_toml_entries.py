"""Values with their lines: tomllib is the judge of what a text means, and where it isn't TOML."""

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksview.config.toml_entries import TomlEntry, entries

TEXT = '''\
# a comment
fps = 2
jump = """
several
lines = 1
"""

protect = [
  "a", # ]
  "b",
]
serve.port = 22
[thresholds]
usage_warn = 1
[keys]
"app.help" = "f1"
app.command = "f2"
aliases = {dp = "deployments", "x" = "y"}
[empty]
'''


def nested(found: list[TomlEntry]) -> dict[str, Any]:
    """Return the document that the entries are of."""
    document: dict[str, Any] = {}
    for entry in found:
        place = document
        for key in entry.path[:-1]:
            place = place.setdefault(key, {})
        if entry.value != {}:
            place[entry.path[-1]] = entry.value
        else:
            place.setdefault(entry.path[-1], {})
    return document


def test_each_value_has_the_line_on_which_its_key_is() -> None:
    found, faults = entries(TEXT)
    assert not faults
    assert nested(found) == tomllib.loads(TEXT)
    lines = TEXT.splitlines()
    places = {".".join(entry.path): lines[entry.line - 1] for entry in found}
    assert places["jump"] == 'jump = """'
    assert places["protect"] == "protect = ["
    assert places["thresholds.usage_warn"] == "usage_warn = 1"
    assert places["keys.app.command"] == 'app.command = "f2"'
    assert places["keys.aliases.x"].startswith("aliases = ")


def test_every_statement_that_is_not_toml_is_found_and_the_others_are_read() -> None:
    text = "context = \nfps = 2\nprotect = [1,\nx = 1\n"
    text += '[serve\nport = "a\nlisten = "x"\n[web]\nport = 1'  # whose listen isn't known
    found, faults = entries(text)
    assert [fault.line for fault in faults] == [1, 3, 5, 6]
    assert [entry.path for entry in found] == [("fps",), ("x",), ("web",), ("web", "port")]


def test_a_fault_within_a_value_of_several_lines_has_its_own_line_and_is_one() -> None:
    found, faults = entries('protect = [\n  "a" "b",\n]\nfps = 1\n')
    assert [fault.line for fault in faults] == [2]
    assert [entry.path for entry in found] == [("fps",)]


@pytest.mark.parametrize(
    ("text", "line"),
    [("a = 1\nb = 2\na = 3\n", 3), ("[a]\nb = 1\n\n[a]\n", 4), ('a = "x"\n[a."y"]\n', 2)],
)
def test_statements_that_contradict_each_other_are_a_fault_with_its_line(text, line) -> None:
    with pytest.raises(tomllib.TOMLDecodeError, match=f"at line {line}"):
        tomllib.loads(text)
    _, faults = entries(text)
    assert [fault.line for fault in faults] == [line]


pieces = st.sampled_from(
    ["a", "b", ".", " = ", "1", '"x"', '"""', "'''", "[", "]", "{", "}", ",", "\n", "#", "\r\n"]
)


@given(st.lists(pieces, max_size=30).map("".join))
def test_any_text_is_read_as_tomllib_reads_it_or_has_a_fault(text: str) -> None:
    found, faults = entries(text)
    try:
        expected = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        assert faults
        assert all(1 <= fault.line <= text.count("\n") + 1 for fault in faults)
    else:
        assert not faults
        if "[[" not in text:
            assert nested(found) == expected
