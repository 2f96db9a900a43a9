"""What may be done to an object of the cluster, as data: what it asks, sends and needs."""
