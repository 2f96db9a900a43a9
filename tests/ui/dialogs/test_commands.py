"""What can be typed after a colon."""

import pytest

from eksview.ui.dialogs.commands import COMMANDS, Command, CommandError, complete, parse

CHOICES = {
    "theme": ["eksview-night", "eksview-day"],
    "context": ["prod", "prod-eu", "staging"],
    "namespace": ["kube-system", "shop"],
}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("nodes", Command("nodes")),
        (" :pods ", Command("pods")),
        ("NODES", Command("nodes")),
        ("po", Command("pods")),
        ("home", Command("architecture")),
        ("q", Command("quit")),
        ("h", Command("help")),
        ("ctx", Command("ctx")),
        ("ctx prod", Command("ctx", "prod")),
        ("ctx st", Command("ctx", "staging")),
        ("ns", Command("ns")),
        ("ns shop", Command("ns", "shop")),
        ("theme eksview-d", Command("theme", "eksview-day")),
    ],
)
def test_a_line_means_a_command(text, meant):
    assert parse(text, CHOICES) == meant


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("frobnicate", "Unknown command frobnicate; "),
        ("n", "Unknown command n "),
        ("nodes now", ":nodes takes no argument"),
        ("theme", "Usage: :theme THEME"),
        ("ctx nowhere", "Unknown context nowhere"),
        ("ctx pr", "Unknown context pr"),
    ],
)
def test_what_means_nothing_is_refused_with_a_reason(text, reason):
    refused = parse(text, CHOICES)
    assert isinstance(refused, CommandError)
    assert reason in refused.reason


def test_any_name_will_do_where_the_names_are_not_known():
    assert parse("ctx anything", {}) == Command("ctx", "anything")


def test_nothing_typed_offers_every_command():
    assert complete("", CHOICES) == tuple(spec.name for spec in COMMANDS)


def test_names_that_begin_so_are_offered_before_those_that_hold_it():
    assert complete("ctx p", CHOICES) == ("ctx prod", "ctx prod-eu")
    assert complete("ns s", CHOICES) == ("ns shop", "ns kube-system")
    assert complete("frobnicate x", CHOICES) == ()
