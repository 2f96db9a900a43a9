"""Explain: the chapters, their values and texts, and the phases of a measured request."""
