"""Why an instance or a NodeClaim has no node: checks with their evidence."""
