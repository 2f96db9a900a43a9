"""Reviews of who we are and what we may do, and the probe of the endpoint."""
