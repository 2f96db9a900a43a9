"""`python -m eksview_demo`: the demo cluster as a child process of the dashboard.

Prints one line, `KUBECONFIG=path`, then serves until its standard input ends or a signal comes.
"""

import argparse
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

from eksview_demo.errors import DemoError
from eksview_demo.options import DemoOptions
from eksview_demo.run import serve_until


def main() -> int:
    """Parse the arguments and serve."""
    defaults = DemoOptions()
    parser = argparse.ArgumentParser(prog="python -m eksview_demo")
    parser.add_argument("--nodes", type=int, default=defaults.nodes)
    parser.add_argument("--pods", type=int, default=defaults.pods)
    parser.add_argument("--churn", type=float, default=defaults.churn)
    parser.add_argument("--seed", type=int, default=defaults.seed)
    parser.add_argument("--port", type=int, default=defaults.port)
    parser.add_argument("--role", default=defaults.role)
    parser.add_argument("--ecs-instances", type=int, default=defaults.ecs_instances)
    parser.add_argument("--state-dir", dest="state", type=Path, default=defaults.state)
    options = DemoOptions(**vars(parser.parse_args()))
    try:
        return serve_until(options, _announce, stdin=sys.stdin.fileno())
    except DemoError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _announce(environ: Mapping[str, str]) -> None:
    words = (f"{name}={value}" for name, value in environ.items())
    sys.stdout.write(shlex.join(words) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
