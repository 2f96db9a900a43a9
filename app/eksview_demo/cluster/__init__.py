"""The objects of the demo cluster: nodes, pods, leases, workloads."""
