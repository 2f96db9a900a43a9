"""Values and rules. Pure: no I/O, no asyncio, no screen, no client library."""
