"""What has to agree when a version is released or a dependency changes."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from eksview import __version__

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCK = (ROOT / "requirements-dev.txt").read_text()
CHANGELOG = (ROOT / "CHANGELOG.md").read_text()
EXTRAS = PROJECT["optional-dependencies"]
DEPENDENCIES = [*PROJECT["dependencies"], *(text for extra in EXTRAS.values() for text in extra)]
RELEASE = re.compile(r"\[(\d+\.\d+\.\d+)\] - \d{4}-\d\d-\d\d")
SECTIONS = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"]
"""Of Keep a Changelog, in its order."""


def _name(text: str) -> str:
    """Return a distribution's normalized name (PEP 503)."""
    return re.sub(r"[-_.]+", "-", text).lower()


LOCKED = {
    _name(name): version
    for name, version in re.findall(r"^([\w.-]+)(?:\[[^\]]*\])?==([^\s;]+)", LOCK, re.MULTILINE)
}


@pytest.mark.parametrize("text", DEPENDENCIES)
def test_every_dependency_is_locked_within_its_range(text):
    requirement = Requirement(text)
    if _name(requirement.name) == PROJECT["name"]:
        return  # an extra that includes another one
    assert requirement.specifier.contains(LOCKED[_name(requirement.name)], prereleases=True)


def test_every_locked_version_has_its_hashes_and_no_source():
    entries = re.split(r"^(?=\S)", re.sub(r"^ *#.*\n", "", LOCK, flags=re.MULTILINE), flags=re.M)
    assert all("--hash=sha256:" in entry for entry in entries if entry.strip())
    assert len(LOCKED) > len(DEPENDENCIES)
    assert "://" not in LOCK
    assert "-url" not in LOCK


def test_the_version_is_written_in_one_place():
    assert "version" in PROJECT["dynamic"]
    assert "version" not in PROJECT


def test_the_changelog_begins_with_what_is_unreleased_and_then_has_this_version():
    unreleased, *releases = re.findall(r"^## (.*)$", CHANGELOG, re.MULTILINE)
    assert unreleased == "[Unreleased]"
    versions = [RELEASE.fullmatch(heading) for heading in releases]
    assert all(versions)
    assert [match[1] for match in versions if match][:1] in ([], [__version__])


def test_the_changelog_has_the_sections_of_keep_a_changelog_once_each_and_in_order():
    for part in re.split(r"^## ", CHANGELOG, flags=re.MULTILINE)[1:]:
        sections = re.findall(r"^### (.*)$", part, re.MULTILINE)
        assert sections == [name for name in SECTIONS if name in sections]
        assert sections


def test_every_version_of_the_changelog_is_linked():
    headings = set(re.findall(r"^## \[(.*?)\]", CHANGELOG, re.MULTILINE))
    links = set(re.findall(r"^\[(.*?)\]: https://github.com/eksview/eksview/", CHANGELOG, re.M))
    assert links == headings
