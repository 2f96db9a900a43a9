"""What the API server passes on to the kubelet of a node."""
