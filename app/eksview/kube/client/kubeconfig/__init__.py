"""Kubeconfig files: read, merged, checked and written as kubectl does."""
