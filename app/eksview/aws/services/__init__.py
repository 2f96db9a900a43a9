"""Calls to each AWS service and the parsing of its answers."""
