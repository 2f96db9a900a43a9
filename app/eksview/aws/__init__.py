"""AWS APIs -> rows of the domain (aiobotocore)."""
