"""The EKS cluster and the components of its control plane."""
