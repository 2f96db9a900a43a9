"""The access chain as a screen."""
