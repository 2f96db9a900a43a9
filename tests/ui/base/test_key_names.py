"""Sentences that name keys: by the ids of the bindings, never by the keys themselves."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from eksview import ui
from eksview.ui.base.key_names import USUAL, key_name, keyed
from eksview.ui.shell.key_map import first_keys

APP = Path(ui.__path__[0]).parent
ROOMS = ("ui", "domain", "store", "engine")
SOURCES = [path for room in ROOMS for path in sorted(APP.joinpath(room).rglob("*.py"))]
ID = re.compile(r"\{([a-z-]+\.[a-z_-]+)\}")
NAMED = re.compile(
    r"\b[Pp]ress (?!\{|Enter to return)\S"
    r"|(?:^|[ (;·])(?:[a-zA-Z0-9?]|Enter|Esc|Space) (?:to copy|cop(?:y|ies)|opens?|shows|lists|"
    r"clos|clears|cancel|choose|switch|save|run\b|refresh|resumes|marks)"
    r"|`(?:[a-zA-Z?]|Ctrl-.)`"
)
NOT_OURS = ("match(1)",)


def texts() -> Iterator[tuple[str, str]]:
    """Yield each text of the program that isn't a docstring, with its place."""
    for path in SOURCES:
        tree = ast.parse(path.read_text())
        nodes = list(ast.walk(tree))
        comments = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
        for node in nodes:
            if isinstance(node, ast.Constant) and id(node) not in comments:
                yield f"{path.name}:{node.lineno}", str(node.value)


def test_no_sentence_names_a_key_that_the_file_may_move() -> None:
    assert [each for each in texts() if NAMED.search(each[1]) and each[1] not in NOT_OURS] == []


def test_every_id_in_a_sentence_has_its_usual_key() -> None:
    named = {id_ for _, text in texts() for id_ in ID.findall(text)}
    assert named
    assert named == {id_ for id_ in named if id_ in USUAL}


def test_the_usual_keys_are_those_of_the_bindings() -> None:
    assert {id_: first_keys().get(id_) for id_ in USUAL} == USUAL


@pytest.mark.parametrize(
    ("key", "name"),
    [("c", "c"), ("question_mark", "?"), ("f10", "f10"), ("escape", "Esc"), ("enter", "Enter"),
     ("ctrl+y", "Ctrl-y"), ("?", "?"), ("pagedown", "pagedown")],
)  # fmt: skip
def test_a_key_is_named_as_people_write_it(key: str, name: str) -> None:
    assert key_name(key) == name


def test_the_key_of_the_file_is_named_and_the_first_of_several() -> None:
    keys = {"app.copy": "f6, y", "picker.back": "question_mark"}
    assert (
        keyed("{app.copy} copy · {picker.back} close · {app.help}", keys) == "f6 copy · ? close · ?"
    )


def test_braces_that_a_person_typed_stay() -> None:
    assert keyed("Unknown command {no.such} {}", {}) == "Unknown command {no.such} {}"
