"""Objects of the API in the words and the order of `kubectl describe` (1.33)."""
