"""Text files are UTF-8: no code leaves their encoding to the locale."""

import subprocess
import sys
from pathlib import Path

APP = Path(__file__).parents[2] / "app"


def test_every_text_file_is_opened_with_an_encoding() -> None:
    rule = ("--isolated", "--preview", "--select", "PLW1514", "--output-format", "concise")
    command = [sys.executable, "-m", "ruff", "check", *rule, str(APP)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
