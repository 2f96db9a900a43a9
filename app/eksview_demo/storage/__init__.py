"""Versioned storage, the resources kept in it, and the selectors that read it."""
