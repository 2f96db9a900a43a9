"""EKS and ECS side by side: the same questions asked of both."""
