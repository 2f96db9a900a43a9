"""Usage over time, as a Prometheus-compatible endpoint has it."""
