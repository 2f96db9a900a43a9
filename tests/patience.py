"""How long a test waits for what must happen."""

PATIENCE = 90.0
"""Seconds. A passing test doesn't spend them, and on a busy machine a slow one is no failed one."""
