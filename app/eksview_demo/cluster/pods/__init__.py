"""Pods as the API server sends them, their containers and what these log."""
