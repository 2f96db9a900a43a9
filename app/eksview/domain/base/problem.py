"""Errors that a person can act on."""


class UserError(Exception):
    """Something went wrong that a person can act on: the message is one clear sentence."""


class DescribeClusterError(UserError):
    """EKS didn't say where a cluster is; `credentials` when it is theirs to mend."""

    def __init__(self, sentence: str, *, credentials: bool) -> None:
        super().__init__(sentence)
        self.credentials = credentials
