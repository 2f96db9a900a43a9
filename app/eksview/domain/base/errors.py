"""Errors that a person can act on."""

from eksview.domain.base.secrets import mask


class UserError(Exception):
    """An error whose message is one sentence that a person can act on, without secrets in it."""

    def __init__(self, message: str) -> None:
        super().__init__(mask(message))


class DescribeClusterError(UserError):
    """An error of DescribeCluster; `credentials` if new credentials would solve it."""

    def __init__(self, sentence: str, *, credentials: bool) -> None:
        super().__init__(sentence)
        self.credentials = credentials
