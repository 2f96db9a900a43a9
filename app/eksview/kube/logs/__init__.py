"""Logs of containers: read, resumed after failures, and merged for the screen."""
