"""eksview: a live terminal view of a Kubernetes or EKS cluster, drawn as the architecture it is."""

__version__ = "0.1.0"
