"""Check commit messages: Conventional Commits with a short subject and a body that says why.

`commit_message.py FILE` checks one message, as git's commit-msg hook does;
`commit_message.py --range A..B` checks every commit of a range.
"""

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

TYPES = ("build", "ci", "docs", "feat", "fix", "perf", "refactor", "test")
LONGEST_SUBJECT = 71
SUBJECT = re.compile(rf"(?:{'|'.join(TYPES)})(?:\([a-z0-9_./-]+\))?!?: \S.*")
WRITTEN_BY_GIT = ("Merge ", "Revert ", "fixup! ", "squash! ", "amend! ")
SCISSORS = "# ------------------------ >8 ------------------------"


def problems(message: str) -> Iterator[str]:
    """Yield what is wrong with a message, a sentence each."""
    text = message.partition(SCISSORS)[0]
    subject, *rest = [line for line in text.splitlines() if not line.startswith("#")] or [""]
    if subject.startswith(WRITTEN_BY_GIT):
        return
    if not SUBJECT.fullmatch(subject):
        yield f"The subject must be `type: what it does`, with one of {', '.join(TYPES)}."
    if len(subject) > LONGEST_SUBJECT:
        yield f"The subject has {len(subject)} characters; {LONGEST_SUBJECT} are the most."
    if subject.endswith("."):
        yield "The subject ends with a full stop."
    if rest and rest[0].strip():
        yield "The line after the subject must be blank."
    if not any(line.strip() for line in rest):
        yield "The body is missing: say why the change is made."


def _commits(revisions: str) -> Iterator[tuple[str, str]]:
    """Yield the short hash and the message of every commit but merges."""
    log = ["git", "log", "-z", "--no-merges", "--format=%h%n%B", revisions]
    output = subprocess.run(log, check=True, capture_output=True, text=True).stdout
    for entry in filter(None, output.split("\0")):
        name, _, message = entry.partition("\n")
        yield name, message


def main(arguments: Sequence[str]) -> int:
    """Print every problem; return 1 if there is one, 2 for wrong usage."""
    match arguments:
        case ["--range", revisions]:
            messages = [*_commits(revisions)]
        case [file]:
            messages = [("commit message", Path(file).read_text(encoding="utf-8"))]
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    failed = [f"{name}: {problem}" for name, message in messages for problem in problems(message)]
    for line in failed:
        print(line, file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
