"""Keys by binding id: what can't be a key or an id, and keys with two meanings, are named."""

import pytest

from eksview.ui.shell.key_map import binding_ids, key_faults, key_map, owners


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ({"app.hlep": "f1"}, "no key has the id app.hlep; did you mean app.help?"),
        ({"app.help": "f99"}, "unknown key f99"),
        ({"app.help": "ctlr+x"}, "unknown key ctlr+x"),
        ({"app.help": ""}, "it has no key"),
        ({"app.help": "w"}, "w is also the key of table.wide (Wide: all columns)"),
        ({"table.wide": "d"}, "d is also the key of app.details (Describe the object"),
        ({"app.help": "f1", "app.yaml": "f1"}, "f1 is also the key of"),
        ({"app.leave-now": "y"}, "y is also the key of question.yes (Do it)"),
    ],
)
def test_a_wrong_key_is_a_sentence(keys: dict[str, str], says: str) -> None:
    assert says in " | ".join(fault.sentence for fault in key_faults(keys))


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"app.help": "f2,?"},
        {"app.help": "question_mark", "table.wide": "z"},
        {"table.wide": "t", "table.problem": "w"},
        {"app.refresh": "ctrl+l", "app.previous": "-,left_square_bracket"},
        {"home.next": "ctrl+space"},
        {"app.copy": "y", "app.yaml": "f7"},  # y is Yes in a question, where c copies nothing
    ],
)
def test_keys_without_a_clash_are_accepted(keys: dict[str, str]) -> None:
    assert list(key_faults(keys)) == []


def test_every_key_of_every_widget_has_an_id_and_says_what_it_does() -> None:
    assert len(owners()) > 30
    assert len(binding_ids()) > 150
    assert all(binding_ids().values())


def test_the_usual_keys_are_no_fault_where_the_file_repeats_them() -> None:
    usual = {
        id_: ",".join(sorted(keys))
        for owner in owners()
        for id_, keys in owner.keys.items()
        if id_.startswith("app.")
    }
    assert list(key_faults(usual)) == []


def test_a_binding_that_shares_a_moved_key_keeps_it() -> None:
    assert key_map({"app.leave": "f10"}) == {"app.leave": "f10", "app.q-back": "q"}
