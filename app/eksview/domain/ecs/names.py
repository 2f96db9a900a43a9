"""Names in the ARNs of ECS (Amazon ECS Developer Guide, "ARNs and IDs"). Pure."""


def cluster_name(cluster: str) -> str:
    """Return the name of a cluster that is given by its name or its ARN."""
    return cluster.rpartition("/")[2]
