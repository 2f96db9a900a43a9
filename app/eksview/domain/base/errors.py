"""Errors that a person can act on."""


class UserError(Exception):
    """An error whose message is one sentence that a person can act on."""


class DescribeClusterError(UserError):
    """An error of DescribeCluster; `credentials` if new credentials would solve it."""

    def __init__(self, sentence: str, *, credentials: bool) -> None:
        super().__init__(sentence)
        self.credentials = credentials
