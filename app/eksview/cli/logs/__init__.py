"""`eksview logs`: the query, the sources that it names, and their lines."""
