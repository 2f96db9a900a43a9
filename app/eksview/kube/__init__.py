"""The Kubernetes API turned into domain values."""
