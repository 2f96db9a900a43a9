"""The folders of the tests mirror those of the packages, so that a test is found by its subject."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
OWN = {"bench", "demo", "e2e", "golden", "mutation", "recipes", "repository", "soak"}
"""Folders about the whole of eksview; `demo` is that of the other package."""
PACKAGES = (ROOT / "app/eksview", ROOT / "app/eksview_demo")


def test_the_tests_mirror_the_packages() -> None:
    folders = (each for each in (ROOT / "tests").rglob("*") if each.is_dir())
    rooms = (each.relative_to(ROOT / "tests") for each in folders if "__" not in str(each))
    foreign = [str(room) for room in rooms if not _is_mirror(room.parts)]
    assert foreign == []


def _is_mirror(parts: tuple[str, ...]) -> bool:
    if parts[0] in OWN or "snapshots" in parts:
        return True
    return any(package.joinpath(*parts).is_dir() for package in PACKAGES)
