"""Errors that a person can act on."""

from collections.abc import Iterator
from contextlib import contextmanager

from eksview.domain.base.secrets import mask
from eksview.domain.base.text import Clean, clean


class UserError(Exception):
    """An error whose message is one sentence that a person can act on, without secrets in it."""

    absent = False
    """True where what was requested doesn't exist."""

    def __init__(self, message: str) -> None:
        super().__init__(mask(message))

    @property
    def sentence(self) -> Clean:
        """Return the message as one line that may be drawn."""
        return clean(str(self))


class SetupError(UserError):
    """An error about credentials that no login changes, such as a plugin that isn't installed."""


@contextmanager
def explained(subject: str, passing: tuple[type[Exception], ...] = ()) -> Iterator[None]:
    """Raise any error as a `UserError` about a subject, but for those that the caller handles."""
    try:
        yield
    except Exception as error:
        if isinstance(error, (UserError, *passing)):
            raise
        import logging  # noqa: PLC0415 - a tenth of the time of --version

        log = logging.getLogger(__name__)
        log.warning("%s: not foreseen", subject, exc_info=error)
        detail = clean(str(error)).strip().rstrip(".") or "no reason given"
        raise UserError(f"{subject} failed ({type(error).__name__}: {detail}).") from error


class DescribeClusterError(UserError):
    """An error of DescribeCluster; `credentials` if new credentials would solve it."""

    def __init__(self, sentence: str, *, credentials: bool) -> None:
        super().__init__(sentence)
        self.credentials = credentials
