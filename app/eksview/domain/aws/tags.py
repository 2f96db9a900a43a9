"""The tags of instances and Auto Scaling groups by which AWS, EKS and Karpenter name their own."""

CLUSTER_TAG = "kubernetes.io/cluster/"
"""The start of the key; the cluster's name follows, and the value is `owned` or `shared`."""
GROUP_TAG = "aws:autoscaling:groupName"
NODEGROUP_TAG = "eks:nodegroup-name"
CLAIM_TAG = "karpenter.sh/nodeclaim"
