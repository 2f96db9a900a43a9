"""`eksview get`: the query, what it prints of each kind, and the formats."""
