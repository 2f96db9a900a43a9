"""Numbers of thousands of digits, which Python's `int` refuses, wherever texts from outside go."""

import sys

import pytest

from eksview.domain.actions.forward import parsed_ports
from eksview.domain.actions.registry import Verb
from eksview.domain.base.text import Clean
from eksview.domain.base.versions import minor_of
from eksview.domain.base.whole_numbers import whole_number_of
from eksview.domain.guides.guide import ReadyPart
from eksview.domain.logs.decode import decoded
from eksview.domain.resources.pod_usage import amounts
from eksview.domain.scheduling.refusal import refusal
from eksview.ui.actions.answer import PROMPTS, Answer

LONG = "9" * (sys.get_int_max_str_digits() + 1)


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("007", 7), ("9" * 18, 10**18 - 1), ("", None), ("-1", None), ("+1", None),
     ("1.0", None), (" 1", None), ("1_0", None), ("²", None), ("٣", None), (LONG, None)],
)  # fmt: skip
def test_a_whole_number_is_ascii_digits_alone(text: str, number: int | None) -> None:
    assert whole_number_of(text) == number


@pytest.mark.parametrize("code", [LONG, f"38;5;{LONG}", f"48;2;1;{LONG};3", f"1;{LONG}"])
def test_a_log_line_with_a_color_of_many_digits_keeps_its_text(code: str) -> None:
    assert decoded(f"\x1b[{code}mready".encode()).text == "ready"


def test_a_cell_of_many_digits_is_not_judged() -> None:
    assert ReadyPart("ready").judge({"ready": f"{LONG}/1"}.get) is None


def test_usage_of_many_digits_is_that_of_no_quantity() -> None:
    assert amounts({"cpu": f"{LONG}n", "memory": f"{LONG}Ki"}) is None


def test_a_message_of_the_scheduler_with_many_digits_is_shown_whole() -> None:
    message = f"0/{LONG} nodes are available: {LONG} Insufficient cpu."
    refused = refusal(message)
    assert refused is not None
    assert [cause.reason for cause in refused.causes] == [message]


def test_a_version_of_many_digits_is_none() -> None:
    assert minor_of(f"v1.{LONG}.0") is None


def test_ports_and_replicas_of_many_digits_are_refused() -> None:
    assert parsed_ports(f"{LONG}:80") is None
    assert PROMPTS[Verb.SCALE].read("2") == Answer(replicas=2)
    assert PROMPTS[Verb.SCALE].read(LONG) == Clean("Type a number, 0 or more.")
