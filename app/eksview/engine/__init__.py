"""The data thread and the wiring of sources to the store."""
