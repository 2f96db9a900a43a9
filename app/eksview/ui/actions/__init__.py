"""Actions on objects: which there are, the question before one, and a drain's progress."""
