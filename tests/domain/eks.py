"""An EKS cluster of which only what a test names is set."""

from eksview.domain.base.text import Clean
from eksview.domain.rows.aws import ClusterInfo


def eks_cluster(mode: str = "API_AND_CONFIG_MAP") -> ClusterInfo:
    words = {name: "" for name, kind in ClusterInfo.__annotations__.items() if kind is Clean}
    many = {name: () for name, kind in ClusterInfo.__annotations__.items() if "tuple" in str(kind)}
    return ClusterInfo(
        ca=b"",
        **{
            **words,
            **many,
            "name": "prod",
            "arn": "arn:aws:eks:us-west-2:111122223333:cluster/prod",
            "authentication": mode,
            "created": None,
            "public": True,
            "private": False,
            "auto_mode": False,
            "deletion_protection": None,
        },
    )
