"""`eksview serve`: one set of watches, many screens over SSH."""
