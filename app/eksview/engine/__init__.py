"""The data thread, and the wiring of Kubernetes and AWS to a store."""
