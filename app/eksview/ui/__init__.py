"""The dashboard: reads the store, sends wishes to a backend, never calls a client."""
