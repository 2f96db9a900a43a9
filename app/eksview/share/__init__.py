"""The dashboard for any SSH client: one set of watches, many terminals."""
