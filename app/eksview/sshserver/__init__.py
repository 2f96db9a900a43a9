"""The SSH server of `eksview serve`: one set of watches, many screens."""
