"""The README's commands, links and examples, and that the Japanese one has the same."""

import re
from collections import Counter
from pathlib import Path

import pytest

from eksview.cli.parser import parser

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
JAPANESE = (ROOT / "README.ja.md").read_text(encoding="utf-8")


def blocks() -> list[list[str]]:
    return [block.splitlines() for block in re.findall(r"^```sh\n(.*?)^```", README, re.M | re.S)]


def test_the_first_shell_block_is_two_commands():
    run, test = blocks()[0]
    assert run.endswith("eksview demo")
    assert test.endswith("python -m pytest")


@pytest.mark.parametrize("text", [README, JAPANESE], ids=["en", "ja"])
def test_every_link_leads_to_a_file_or_a_heading(text):
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert "://" in target or (ROOT / target).exists(), target
    headings = {line[3:].lower().replace(" ", "-") for line in lines_like("## ", text)}
    anchors = set(re.findall(r"\]\(#([^)]+)\)", text))
    assert anchors
    assert anchors <= headings


def lines_like(start, text):
    return [line for line in text.splitlines() if line.startswith(start)]


def test_the_japanese_readme_has_the_same_blocks_headings_and_rows():
    fences = re.compile(r"^```\w+\n.*?^```$", re.M | re.S)
    assert fences.findall(JAPANESE) == fences.findall(README)
    prose, japanese = fences.sub("", README), fences.sub("", JAPANESE)
    for start in ("# ", "## ", "- ", "|", "!["):
        assert len(lines_like(start, japanese)) == len(lines_like(start, prose)), start


def test_the_japanese_readme_has_the_same_links_and_words_of_code():
    links = re.compile(r"\]\(([^)#]+)\)")
    ours = Counter(links.findall(JAPANESE)) - Counter(["README.md"])
    assert ours == Counter(links.findall(README)) - Counter(["README.ja.md"])
    spans = re.compile(r"`[^`\n]+`")
    fences = re.compile(r"^```.*?^```$", re.M | re.S)
    english, japanese = (Counter(spans.findall(fences.sub("", t))) for t in (README, JAPANESE))
    assert japanese.keys() == english.keys()


@pytest.mark.parametrize("line", [line for line in blocks()[1] if line.startswith("eksview")])
def test_every_example_is_understood(line):
    words = re.split(r"\s+[#>&]", line)[0].split()
    assert parser().parse_args(words[1:])
