"""The error that ends the demo."""


class DemoError(Exception):
    """A failure that a person can act on: the message is one clear sentence."""
