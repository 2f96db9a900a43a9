"""Nodes, EC2 instances and nodegroups: tables and details."""
