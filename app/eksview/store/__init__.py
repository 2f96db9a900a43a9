"""The current state: tables by identity, with joins and totals updated per event."""
