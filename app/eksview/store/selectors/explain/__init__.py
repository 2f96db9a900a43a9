"""The values of Explain's chapters, read from the store."""
