"""Any resource of the API server: its table, and the details of one object."""
