"""A program that hangs with a child of its own, and who of them lives."""

from pathlib import Path

PROGRAM = """import os, subprocess, sys, time
child = subprocess.Popen(["sleep", "3600"])
with open(sys.argv[1] + ".new", "w") as file:
    file.write(f"{os.getpid()} {child.pid}")
os.rename(sys.argv[1] + ".new", sys.argv[1])
time.sleep(3600)"""


def children_of(pids: Path) -> list[int]:
    """Return the ids of the program and its child; empty until both run."""
    return [int(pid) for pid in pids.read_text().split()] if pids.exists() else []


def alive(pid: int) -> bool:
    """Return whether a process runs; a zombie doesn't."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"
