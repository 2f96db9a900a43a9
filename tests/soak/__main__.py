"""`python -m tests.soak [--minutes N] [--rate N] [--gap SECONDS] [--seed N]`: the long soak."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.soak.soak import soak


def main() -> int:
    """0 when nothing was wrong at the end."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--rate", type=float, default=500.0, help="events a second")
    parser.add_argument("--gap", type=float, default=20.0, help="seconds between two blows")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = asyncio.run(
            soak(
                Path(folder), args.minutes * 60, rate=args.rate, gap=args.gap, seed=args.seed,
                tell=print,
            )
        )  # fmt: skip
    print(f"{report.events:,} events, {len(report.blows)} blows")
    for fault in report.faults:
        print(fault)
    return int(bool(report.faults))


if __name__ == "__main__":
    sys.exit(main())
