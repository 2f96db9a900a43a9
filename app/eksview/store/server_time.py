"""The API server's time, in which the store keeps and the screens count everything."""

from eksview.domain.base.clock import Clock


class ServerTime:
    """This machine's clock, corrected by its measured difference; zero until it is known."""

    def __init__(self, local: Clock) -> None:
        self._local = local
        self.ahead = 0.0  # seconds by which this machine's clock is ahead

    def now(self) -> float:
        """Return the API server's time, from which all ages are counted."""
        return self._local() - self.ahead

    def set_ahead(self, ahead: float) -> float:
        """Correct the difference; returns by how much older stamps are to be moved."""
        by, self.ahead = self.ahead - ahead, ahead
        return by
