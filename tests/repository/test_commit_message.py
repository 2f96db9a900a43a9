"""The check of commit messages, held to messages written by hand."""

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / ".ci" / "commit_message.py"
problems = runpy.run_path(str(SCRIPT))["problems"]
BODY = "\n\nThe old order depended on hashing.\n"


@pytest.mark.parametrize(
    "subject",
    [
        "fix: sort equal counts by name",
        "feat(ui): show the node's price",
        "refactor!: rename `faces` to `cli`",
        "perf(kube/watch): decode " + "x" * 46,
    ],
)
def test_a_conventional_subject_with_a_body_is_accepted(subject):
    assert list(problems(subject + BODY)) == []


@pytest.mark.parametrize(
    ("message", "complaint"),
    [
        ("Sort equal counts by name" + BODY, "must be `type: what it does`"),
        ("feature: sort" + BODY, "must be `type: what it does`"),
        ("Fix: sort" + BODY, "must be `type: what it does`"),
        ("fix:sort" + BODY, "must be `type: what it does`"),
        ("fix(): sort" + BODY, "must be `type: what it does`"),
        ("fix: " + "x" * 67 + BODY, "has 72 characters"),
        ("fix: sort by name." + BODY, "ends with a full stop"),
        ("fix: sort by name\nBecause.", "must be blank"),
        ("fix: sort by name", "The body is missing"),
        ("fix: sort by name\n\n# a comment of git's\n", "The body is missing"),
        ("", "must be `type: what it does`"),
    ],
)
def test_what_is_wrong_with_a_message_is_reported(message, complaint):
    assert any(complaint in problem for problem in problems(message))


@pytest.mark.parametrize("subject", ["Merge branch 'main'", 'Revert "fix: x"', "fixup! fix: x"])
def test_a_message_that_git_writes_is_left_alone(subject):
    assert list(problems(subject)) == []


def test_the_diff_below_the_scissors_is_no_body():
    scissors = "# ------------------------ >8 ------------------------"
    assert list(problems(f"fix: sort\n\n{scissors}\ndiff --git a/x b/x\n"))


def _check(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def test_as_a_hook_it_refuses_a_file_and_prints_why(tmp_path):
    (tmp_path / "good").write_text("fix: sort" + BODY)
    (tmp_path / "bad").write_text("sort")
    assert _check("good", cwd=tmp_path).returncode == 0
    refused = _check("bad", cwd=tmp_path)
    assert refused.returncode == 1
    assert "commit message: The body is missing" in refused.stderr
    assert _check(cwd=tmp_path).returncode == 2


def test_every_commit_of_a_range_is_checked(tmp_path):
    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
        subprocess.run(["git", *identity, *arguments], cwd=tmp_path, check=True)

    git("init", "-q")
    for message in ("start", "sort", "fix: sort" + BODY):
        git("commit", "-q", "--allow-empty", "--no-verify", "-m", message)
    assert _check("--range", "HEAD~1..HEAD", cwd=tmp_path).returncode == 0
    refused = _check("--range", "HEAD~2..HEAD", cwd=tmp_path)
    assert refused.returncode == 1
    assert "must be `type: what it does`" in refused.stderr
