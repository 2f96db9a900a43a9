"""`python -m tests.bench [SECTION ...]`: what DESIGN section 8 asks for, measured on this machine.

Nothing here passes or fails: each figure stands beside its target and a yardstick taken in the same
run, so that a slow machine moves both.
"""

import sys
from collections.abc import Callable

from tests.bench import (
    aws_bench,
    beyond_bench,
    bytes_bench,
    growth_bench,
    large_bench,
    live_bench,
    logs_bench,
    objects_bench,
    rows_bench,
    start_bench,
    table_bench,
)
from tests.bench.report import Figures, head, show

SECTIONS: dict[str, Callable[[], Figures]] = {
    "rows": rows_bench.run,
    "objects": objects_bench.run,
    "tables": table_bench.run,
    "start": start_bench.run,
    "live": live_bench.run,
    "logs": logs_bench.run,
    "bytes": bytes_bench.run,
    "aws": aws_bench.run,
    "large": large_bench.run,
    "growth": growth_bench.run,
    "beyond": beyond_bench.run,
}


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in SECTIONS]
    if unknown:
        print(f"no section {unknown[0]}; there are: {', '.join(SECTIONS)}", file=sys.stderr)
        return 2
    head()
    for name in names or SECTIONS:
        for figure in SECTIONS[name]():
            show(figure)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
