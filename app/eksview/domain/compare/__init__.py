"""EKS and ECS side by side: the questions, and the commands that answer them on each side."""
