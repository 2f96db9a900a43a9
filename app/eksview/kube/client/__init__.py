"""Connections to the API server: kubeconfig, credentials, TLS, errors."""
