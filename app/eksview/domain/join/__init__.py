"""Joins of Kubernetes and AWS: node to instance, join checks, nodegroups."""
