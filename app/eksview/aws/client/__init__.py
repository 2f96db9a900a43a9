"""Clients and credentials of AWS: sessions, EKS tokens, throttling, errors."""
