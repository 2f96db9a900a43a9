"""The filters of tables: what is typed after `/`, as a predicate of rows."""
