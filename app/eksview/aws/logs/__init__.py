"""Logs of CloudWatch Logs, read while a view shows them."""
