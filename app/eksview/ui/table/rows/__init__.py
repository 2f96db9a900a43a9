"""The rows of a table: read, sorted, filtered and searched, without widgets."""
