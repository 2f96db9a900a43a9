"""What is worth knowing of some resources: important columns, trouble, what Enter opens."""
