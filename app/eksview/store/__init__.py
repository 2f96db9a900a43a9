"""What is known now: tables keyed by identity, joins and sums kept up to date per event."""
