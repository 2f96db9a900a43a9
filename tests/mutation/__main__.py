"""`python -m tests.mutation [PART ...]`: break the code in small ways and count what tests notice.

mutmut derives module names from `src/`, which this project has no folder of; so each part is copied
to a scratch folder laid out that way, and the working tree isn't touched.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.mutation.targets import PARTS, Part

ROOT = Path(__file__).parents[2]
WANTED = 0.9
KILLED = {"killed", "timeout"}

CONFIG = """
[tool.pytest.ini_options]
addopts = "-q --import-mode=importlib -p no:xdist -p no:cacheprovider"
asyncio_mode = "auto"
asyncio_default_fixture_loop_scope = "function"
timeout = 30
pythonpath = ["."]

[tool.mutmut]
source_paths = ["src/"]
only_mutate = {modules}
pytest_add_cli_args_test_selection = {tests}
also_copy = ["styles/", "conftest.py"]
track_dependencies = false
timeout_constant = 5.0
timeout_multiplier = 10.0
"""

# Few examples, and the same each time: a mutant must not survive or die by luck.
CONFTEST = """
from hypothesis import settings

settings.register_profile("few", max_examples=25, derandomize=True, deadline=None, database=None)
settings.load_profile("few")
"""

# In one process for all: starting mutmut for each takes longer than running most mutants.
SHOW = """
import sys
from mutmut.mutation.diff_apply import get_diff_for_mutant

for mutant in sys.argv[1:]:
    lines = get_diff_for_mutant(mutant).splitlines()[2:]
    print("--", mutant)
    print("\\n".join(line for line in lines if line[:1] in "+-"))
"""


def main() -> int:
    """0 when at least `WANTED` of the mutants of every part were killed."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation")
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    args = parser.parse_args()
    if unknown := [name for name in args.parts if name not in PARTS]:
        parser.error(f"no part {unknown[0]}; there are: {', '.join(PARTS)}")
    os.nice(10)
    shares = [run(name, PARTS[name]) for name in args.parts or PARTS]
    return int(min(shares) < WANTED)


def run(name: str, part: Part) -> float:
    """Mutate one part, print its figures and survivors, and return the share that was killed."""
    with tempfile.TemporaryDirectory(prefix="mutation-") as scratch:
        folder = Path(scratch)
        lay_out(folder, part)
        log = folder / "log"
        command = [sys.executable, "-m", "mutmut", "run", "--max-children", "1"]
        with log.open("wb") as out:
            subprocess.run(command, cwd=folder, stdout=out, stderr=out, check=False)
        results = read_results(folder)
        if not results:
            print(log.read_text(errors="replace")[-3000:])
            raise SystemExit(f"{name}: nothing was mutated")
        survivors = [mutant for mutant, status in results.items() if status not in KILLED]
        share = 1 - len(survivors) / len(results)
        counts = ", ".join(
            f"{count} {status}" for status, count in Counter(results.values()).items()
        )
        print(f"== {name}: {share:.1%} of {len(results)} mutants killed ({counts})", flush=True)
        if survivors:
            print(output(folder, "-c", SHOW, *survivors), end="", flush=True)
    return share


def lay_out(folder: Path, part: Part) -> None:
    """Copy what mutmut and the tests need to `folder`, the package below `src/`."""
    skip = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "app", folder / "src", ignore=skip)
    for name in ("tests", "styles"):
        shutil.copytree(ROOT / name, folder / name, ignore=skip)
    modules = [f"src/eksview/{path}" for path in part.modules]
    tests = [f"tests/{path}" for path in part.tests]
    config = CONFIG.format(modules=modules, tests=tests)
    (folder / "pyproject.toml").write_text(config)
    (folder / "conftest.py").write_text(CONFTEST)


def read_results(folder: Path) -> dict[str, str]:
    """Return each mutant's status by its name."""
    lines = output(folder, "-m", "mutmut", "results", "--all", "true").splitlines()
    pairs = (line.strip().rpartition(": ") for line in lines)
    return {mutant: status for mutant, separator, status in pairs if separator}


def output(folder: Path, *arguments: str) -> str:
    command = (sys.executable, *arguments)
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout


if __name__ == "__main__":
    sys.exit(main())
