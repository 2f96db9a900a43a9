"""The README's commands, links and examples."""

import re
from pathlib import Path

import pytest

from eksview.cli.parser import parser

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def blocks() -> list[list[str]]:
    return [block.splitlines() for block in re.findall(r"^```sh\n(.*?)^```", README, re.M | re.S)]


def test_the_first_shell_block_is_two_commands():
    run, test = blocks()[0]
    assert run.endswith("eksview demo")
    assert test.endswith("python -m pytest")


def test_every_link_leads_to_a_file():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert "://" in target or (ROOT / target).exists(), target


@pytest.mark.parametrize("line", [line for line in blocks()[1] if line.startswith("eksview")])
def test_every_example_is_understood(line):
    words = re.split(r"\s+[#>&]", line)[0].split()
    assert parser().parse_args(words[1:])
