"""docs/architecture.md names rooms and files that exist, and no room is missing."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "app" / "eksview"
TEXT = (ROOT / "docs" / "architecture.md").read_text()
TREE = TEXT.partition("## The tree\n\n```\n")[2].partition("```")[0]


def rooms_of_the_tree() -> set[str]:
    """Return the paths of the tree's folders, from their indentation."""
    rooms: set[str] = set()
    parents: list[tuple[int, str]] = []
    for indent, name in re.findall(r"^( *)([\w/]+)/ ", TREE + " ", re.M):
        parents = [parent for parent in parents if parent[0] < len(indent)]
        path = "/".join((*(parent[1] for parent in parents), name))
        parents.append((len(indent), name))
        rooms.add(path)
    return rooms


def test_the_tree_has_every_room_and_no_other():
    packages = {
        str(init.parent.relative_to(ROOT))
        for init in ROOT.glob("app/*/**/__init__.py")
        if "__pycache__" not in init.parts
    }
    assert rooms_of_the_tree() == packages | {"styles", "tests"}


@pytest.mark.parametrize("path", sorted(set(re.findall(r"[\w/]+/\w+\.py", TEXT))))
def test_every_file_with_a_path_exists(path):
    assert (PACKAGE / path).is_file()


@pytest.mark.parametrize("line", [line for line in TREE.splitlines() if ".py" in line])
def test_every_file_of_the_tree_is_in_its_room(line):
    name = line.split("/")[0].strip()
    for file in re.findall(r"\w+\.py", line):
        assert list((ROOT / "app").glob(f"**/{name}/{file}")), file
