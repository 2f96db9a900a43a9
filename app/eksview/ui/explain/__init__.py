"""Explain: how the cluster works, in chapters with its own values."""
