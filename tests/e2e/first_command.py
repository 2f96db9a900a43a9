"""`python -m tests.e2e.first_command COMMAND`: the README's first command, as a newcomer runs it.

It is typed into a real terminal in the current folder; the dashboard must come up with its nodes
and leave by `q`. Needs nothing but Python and tmux.
"""

import sys
from pathlib import Path

from tests.e2e.terminal import HAS_TMUX, NO_TMUX, Terminal

INSTALLING = 420  # seconds


def main(command: str) -> int:
    if not HAS_TMUX:
        print(f"skipped: {NO_TMUX}")
        return 0
    with Terminal() as terminal:
        terminal.type(f"cd {Path.cwd()} && clear && {command}; echo exit=$?")
        terminal.press("Enter")
        screen = terminal.wait_for(r"Control plane[\s\S]+Workers[\s\S]+ip-10-", seconds=INSTALLING)
        print(screen)
        terminal.press("q")
        terminal.wait_exit(0)
    print("the dashboard came up and left")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
