"""Nodes, what they are made of, and what happens on them."""
