"""The access chain: kubeconfig, credentials, IAM mapping, RBAC, remedies."""
