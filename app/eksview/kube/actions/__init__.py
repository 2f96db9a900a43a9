"""Changes of the cluster, and what is read before a drain."""
