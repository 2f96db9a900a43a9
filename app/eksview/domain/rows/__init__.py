"""The rows of the tables: immutable values from Kubernetes and AWS."""
