"""Flags -> settings -> one of the faces."""


def main() -> int:
    """Run `eksview`; returns the exit code."""
    return 0
