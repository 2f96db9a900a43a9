"""Resources of the Kubernetes API, one module for each kind."""
